import { once } from 'node:events';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  freePort,
  startTestEmulator,
  TEST_CACHE,
} from '../../../../packages/emulator/test/support/start-test-emulator.js';
import { type CliRun, runCli, type TemporaryFolder, temporaryFolder } from '../support/run-cli.js';

let home: TemporaryFolder;
let port: string;
let emulator: (...args: string[]) => Promise<CliRun>;

beforeAll(async () => {
  home = await temporaryFolder();
  const directory = join(home.path, 'jenkins-aws', 'emulator');
  await mkdir(directory, { recursive: true });
  // The Python environment is the one of all suites: installing it is what another suite looks at.
  await (await startTestEmulator()).stop();
  const environments = (await readdir(TEST_CACHE)).filter((name) => /^python-[0-9a-f]+$/.test(name));
  for (const name of environments) await symlink(join(TEST_CACHE, name), join(directory, name));
  emulator = (...args) => runCli(['emulator', ...args, '--json'], { env: { XDG_CACHE_HOME: home.path } });
});
afterAll(async () => {
  await emulator('stop');
  await home[Symbol.asyncDispose]();
});

const resultOf = ({ events }: CliRun) => events.at(-1)?.data ?? {};

describe('jenkins-aws emulator', () => {
  it('fails when another program has the port, and says how to take another one', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { code, events } = await emulator('start', '--port', String(port));
    server.close();
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({
      code: 'EMULATOR_PORT_TAKEN',
      data: { hint: expect.stringMatching(/--port/) },
    });
    expect(events.at(-1)?.message).toContain(String(port));
  });

  it('is one, however many start it at once, and is found again by the next command', async () => {
    port = String(await freePort());
    const runs = await Promise.all([emulator('start', '--port', port), emulator('start', '--port', port)]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    const pids = runs.map((run) => resultOf(run).pid);
    expect(pids[0]).toBe(pids[1]);
    expect(resultOf(await emulator('status'))).toMatchObject({ state: 'running', pid: pids[0] });
  });

  it('is there again after it was killed, where it was', async () => {
    const { pid } = resultOf(await emulator('status'));
    process.kill(Number(pid), 'SIGKILL');
    const started = resultOf(await emulator('start'));
    expect(started).toMatchObject({ state: 'running', port: Number(port) });
    expect(started.pid).not.toBe(pid);
  });

  it('fails what it is told to fail, says how often it struck, and answers again when the faults are cleared', async () => {
    const leftovers = async () => {
      const config =
        'name: ci\nregion: eu-central-1\nmasters: { main: { access: { allowedCidrs: [10.0.0.0/16], plainHttp: { reason: a rehearsal of faults } } } }';
      const path = await home.put('jenkins-aws.config.yaml', config);
      return runCli(['leftovers', '--json', '--emulator', '-c', path], { env: { XDG_CACHE_HOME: home.path } });
    };
    const service = ['--service', 'ec2', '--operation', 'DescribeVpcs'];
    const set = await emulator('fault', ...service, '--rate', '1', '--error', 'AccessDenied');
    expect([set.code, resultOf(set).faults]).toEqual([0, [expect.objectContaining({ service: 'ec2', struck: 0 })]]);
    expect(resultOf(await emulator('fault', '--service', 'iam')).faults).toHaveLength(2);
    await emulator('fault', '--clear');
    const later = await emulator('fault', ...service, '--error', 'AccessDenied', '--during', 'rollback');
    expect(resultOf(later).faults).toEqual([expect.objectContaining({ during: 'rollback', struck: 0 })]);

    expect(resultOf(await leftovers()).unchecked).toEqual([]);
    await emulator('fault', '--clear');
    await emulator('fault', ...service, '--error', 'AccessDenied');
    const run = await leftovers();
    expect(run.code).toBe(0);
    expect(resultOf(run)).toMatchObject({ leftovers: [] });
    expect((resultOf(run).unchecked as { what: string }[]).map(({ what }) => what)).toContain('VPCs');
    expect(resultOf(await emulator('fault', 'list')).faults).toEqual([expect.objectContaining({ struck: 1 })]);
    await emulator('fault', '--clear');
    expect((resultOf(await leftovers()).unchecked as { what: string }[]).map(({ what }) => what)).not.toContain('VPCs');
  });

  it.each([
    [['--clear', '--during', 'rollback'], 'CLI_USAGE'],
    [['--rate', 'often'], 'CLI_USAGE'],
    [['--clear', '--rate', '1'], 'CLI_USAGE'],
    [['--rate', '7'], 'EMULATOR_REFUSED'],
  ])('fails for the fault %j with exit code 2', async (args, code) => {
    const run = await emulator('fault', ...args);
    expect([run.code, run.events.at(-1)?.code]).toEqual([2, code]);
  });

  it('stops and says so', async () => {
    expect(resultOf(await emulator('stop'))).toMatchObject({ state: 'stopped' });
    expect(resultOf(await emulator('status'))).toMatchObject({ state: 'stopped' });
  });
});
