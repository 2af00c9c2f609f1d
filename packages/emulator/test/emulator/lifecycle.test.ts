import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, expect, test, vi } from 'vitest';
import {
  type EmulatorError,
  emulatorEnvironment,
  ensureEmulator,
  getEmulatorStatus,
  resetEmulator,
  stopEmulator,
} from '../../src/index.js';
import { lockDigest, overlayDirectory } from '../../src/internal/directories.js';
import { askListener } from '../../src/operations/ask-emulator.js';
import { controllerTemplate } from '../support/controller-template.js';
import { createChangeSet, deploy, describeStack, destroy, outputsOf, settled } from '../support/deploy-template.js';
import { copyPackage, ensureInOtherProcess } from '../support/other-process.js';
import { freePort, startTestEmulator, TEST_CACHE } from '../support/start-test-emulator.js';
import { until } from '../support/until.js';

/** Saved every second, and the machine has other work. */
const SAVED_MS = 2500;
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start() {
  const emulator = await startTestEmulator();
  cleanups.push(() => emulator.stop());
  return emulator;
}

async function temporaryLocation(cacheDirectory = TEST_CACHE) {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'jenkins-aws-emulator-'));
  const location = { cacheDirectory, stateDirectory };
  cleanups.push(async () => {
    await stopEmulator(location);
    await rm(stateDirectory, { recursive: true, force: true });
  });
  return location;
}

function recorder() {
  const codes: string[] = [];
  return { codes, report: (event: { code: string }) => void codes.push(event.code) };
}

const word = {
  put: (client: SSMClient, Value: string) =>
    client.send(new PutParameterCommand({ Name: '/word', Value, Type: 'String', Overwrite: true })),
  get: async (client: SSMClient) => (await client.send(new GetParameterCommand({ Name: '/word' }))).Parameter?.Value,
};

test('starts once, says how it is, is used again and stops', async () => {
  const location = await temporaryLocation();
  const reporter = recorder();
  const port = await freePort();
  expect(await getEmulatorStatus(location)).toEqual({ state: 'stopped' });
  const first = await ensureEmulator({ ...location, port, reporter });
  expect(first).toMatchObject({ endpoint: `http://127.0.0.1:${port}`, accountId: '123456789012', started: true });
  const second = await ensureEmulator({ ...location, port, reporter });
  expect(second).toEqual({ ...first, started: false });
  expect(reporter.codes.slice(-3)).toEqual([
    'emulator.start.started',
    'emulator.start.finished',
    'emulator.start.reused',
  ]);
  expect(await getEmulatorStatus(location)).toMatchObject({
    state: 'running',
    endpoint: first.endpoint,
    pid: first.pid,
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    versions: { ministack: '1.5.33', python: expect.stringMatching(/^3\./) },
  });
  expect(await stopEmulator(location)).toEqual({ stopped: true });
  expect(await stopEmulator(location)).toEqual({ stopped: false });
  expect(await getEmulatorStatus(location)).toEqual({ state: 'stopped' });
});

test('speaks to SDK clients that know nothing but the environment', async () => {
  const emulator = await start();
  const environment = emulatorEnvironment(emulator, 'eu-west-1');
  const client = new STSClient({
    endpoint: environment.AWS_ENDPOINT_URL,
    region: environment.AWS_REGION,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
    },
  });
  expect((await client.send(new GetCallerIdentityCommand({}))).Account).toBe('123456789012');
});

test('ends two starts at once with one emulator', async () => {
  const location = await temporaryLocation();
  const copy = await copyPackage();
  cleanups.push(() => rm(copy, { recursive: true }));
  const port = await freePort();
  const both = await Promise.all([1, 2].map(() => ensureInOtherProcess(copy, { ...location, port })));
  expect(both[0]?.pid).toBe(both[1]?.pid);
  expect(both.map((one) => one.port)).toEqual([port, port]);
  expect(both.map(({ started }) => started).sort()).toEqual([false, true]);
});

test('fails the second of two starts at once on different ports, and has one emulator', async () => {
  const location = await temporaryLocation();
  const copy = await copyPackage();
  cleanups.push(() => rm(copy, { recursive: true }));
  const ports = [await freePort(), await freePort()];
  const both = await Promise.allSettled(ports.map((port) => ensureInOtherProcess(copy, { ...location, port })));
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const lost = both.find((one) => one.status === 'rejected');
  expect(lost?.reason.message).toContain('EMULATOR_RUNS_ELSEWHERE');
  // One that lost would be up by now.
  await sleep(2000);
  const answers = await Promise.all(ports.map((port) => askListener(port)));
  expect(answers.filter((answer) => answer.kind !== 'nobody')).toHaveLength(1);
});

test('has its state again after a stop', async () => {
  const emulator = await start();
  const ssm = new SSMClient(emulator.client);
  await word.put(ssm, 'kept');
  await stopEmulator(emulator.location);
  const again = await emulator.restart();
  expect(again.started).toBe(true);
  expect(await word.get(ssm)).toBe('kept');
});

test('has its stacks and instances again after kill -9', async () => {
  const emulator = await start();
  const cloudformation = new CloudFormationClient(emulator.client);
  const outputs = outputsOf(await deploy(cloudformation, 'kept', controllerTemplate()));
  const members = async () => {
    const { AutoScalingGroups = [] } = await new AutoScalingClient(emulator.client).send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [outputs.Group ?? ''] }),
    );
    return AutoScalingGroups[0]?.Instances?.map((instance) => `${instance.InstanceId} ${instance.LifecycleState}`);
  };
  const before = await members();
  await sleep(SAVED_MS);
  process.kill(emulator.pid, 'SIGKILL');
  const again = await emulator.restart();
  expect(again).toMatchObject({ started: true, port: emulator.port });
  expect(again.pid).not.toBe(emulator.pid);
  expect(await members()).toEqual(before);
  expect((await describeStack(cloudformation, 'kept')).StackStatus).toBe('CREATE_COMPLETE');
  expect((await destroy(cloudformation, 'kept')).StackStatus).toBe('DELETE_COMPLETE');
});

/** Begins an operation and comes back in the middle of it: the group waits some four seconds for its instance. */
async function beginWaiting(cloudformation: CloudFormationClient, type: 'CREATE' | 'UPDATE', reason: string) {
  const template = controllerTemplate(type === 'CREATE' ? {} : { instanceType: 't3.xlarge' });
  const { ChangeSetId } = await createChangeSet(cloudformation, 'cut', template, type);
  await cloudformation.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId }));
  await until(
    () => cloudformation.send(new DescribeStackEventsCommand({ StackName: 'cut' })),
    ({ StackEvents }) => StackEvents?.[0]?.ResourceStatusReason?.startsWith(reason) ?? false,
  );
  await sleep(SAVED_MS);
}

test('rolls back at the next start the creation that a kill -9 interrupted', async () => {
  const emulator = await start();
  const cloudformation = new CloudFormationClient(emulator.client);
  await beginWaiting(cloudformation, 'CREATE', 'Resource creation Initiated');
  process.kill(emulator.pid, 'SIGKILL');
  await emulator.restart();
  const stack = await settled(cloudformation, 'cut');
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(stack.StackStatusReason).toContain('The emulator was stopped during this operation');
  const { Vpcs = [] } = await new EC2Client(emulator.client).send(new DescribeVpcsCommand({}));
  expect(Vpcs.map((vpc) => vpc.IsDefault)).toEqual([true]);
  const { AutoScalingGroups } = await new AutoScalingClient(emulator.client).send(
    new DescribeAutoScalingGroupsCommand({}),
  );
  expect(AutoScalingGroups).toEqual([]);
});

test('rolls back at the next start the update that a kill -9 interrupted', async () => {
  const emulator = await start();
  const cloudformation = new CloudFormationClient(emulator.client);
  await deploy(cloudformation, 'cut', controllerTemplate());
  await beginWaiting(cloudformation, 'UPDATE', 'Terminating instance');
  process.kill(emulator.pid, 'SIGKILL');
  await emulator.restart();
  const stack = await settled(cloudformation, 'cut');
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.StackStatusReason).toContain('The emulator was stopped during this operation');
  const [member] = await until(
    async () => {
      const { AutoScalingGroups = [] } = await new AutoScalingClient(emulator.client).send(
        new DescribeAutoScalingGroupsCommand({}),
      );
      return AutoScalingGroups[0]?.Instances ?? [];
    },
    ([instance]) => instance?.LifecycleState === 'InService',
  );
  expect(member?.LaunchTemplate?.Version).toBe('1');
});

test('loses everything at a reset, running or not', async () => {
  const emulator = await start();
  const ssm = new SSMClient(emulator.client);
  await word.put(ssm, 'one');
  await sleep(SAVED_MS);
  await resetEmulator(emulator.location);
  await expect(word.get(ssm)).rejects.toThrow(/not found/i);
  await word.put(ssm, 'two');
  await stopEmulator(emulator.location);
  await resetEmulator(emulator.location);
  await emulator.restart();
  await expect(word.get(ssm)).rejects.toThrow(/not found/i);
});

test('ends when its directory is removed', async () => {
  const emulator = await start();
  await rm(emulator.location.stateDirectory, { recursive: true });
  await until(
    () => askListener(emulator.port),
    ({ kind }) => kind === 'nobody',
  );
});

test('restarts one of another version and keeps its state', async () => {
  const emulator = await start();
  const ssm = new SSMClient(emulator.client);
  await word.put(ssm, 'kept');
  const copy = await copyPackage({ changed: true });
  cleanups.push(() => rm(copy, { recursive: true }));
  const other = await ensureInOtherProcess(copy, { ...emulator.location, port: emulator.port });
  expect(other).toMatchObject({ started: true, port: emulator.port });
  expect(other.pid).not.toBe(emulator.pid);
  expect(await word.get(ssm)).toBe('kept');
});

test('fails when another program has the port, and names it', async () => {
  const location = await temporaryLocation();
  const server: Server = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  cleanups.push(async () => server.close());
  const { port } = server.address() as { port: number };
  await expect(ensureEmulator({ ...location, port })).rejects.toMatchObject({
    code: 'EMULATOR_PORT_TAKEN',
    message: `port ${port} on 127.0.0.1 is taken by another program; stop that program or choose another port`,
  });
});

test('fails when the emulator of another directory has the port', async () => {
  const emulator = await start();
  const location = await temporaryLocation();
  await expect(ensureEmulator({ ...location, port: emulator.port })).rejects.toMatchObject({
    code: 'EMULATOR_PORT_TAKEN',
    message: expect.stringContaining(emulator.location.stateDirectory),
  });
});

test('fails without Python, and says both ways out', async () => {
  const location = await temporaryLocation(await mkdtemp(join(tmpdir(), 'jenkins-aws-cache-')));
  cleanups.push(() => rm(location.cacheDirectory, { recursive: true }));
  const old = join(location.stateDirectory, 'old-python');
  await writeFile(old, '#!/bin/sh\necho 3.9.2 True\n', { mode: 0o755 });
  const bare = join(location.stateDirectory, 'bare-python');
  await writeFile(bare, '#!/bin/sh\necho 3.12.1 False\n', { mode: 0o755 });
  const error: EmulatorError = await ensureEmulator({
    ...location,
    pythonCommands: ['no-such-python', old, bare],
  }).then(
    () => expect.unreachable(),
    (thrown) => thrown,
  );
  expect(error.code).toBe('EMULATOR_PYTHON_MISSING');
  expect(error.message).toContain(
    `no-such-python is not there; ${old} is 3.9.2, too old; ${bare} is 3.12.1 but has no venv module`,
  );
  expect(error.message).toMatch(/install Python 3\.10 or newer .*, or work without the emulator: set AWS_ENDPOINT_URL/);
});

test('fails when nothing can be downloaded, leaves nothing half-made, and installs later', async () => {
  const cacheDirectory = await mkdtemp(join(tmpdir(), 'jenkins-aws-cache-'));
  cleanups.push(() => rm(cacheDirectory, { recursive: true, force: true }));
  const location = await temporaryLocation(cacheDirectory);
  const offline = { PIP_INDEX_URL: 'http://127.0.0.1:1/simple', PIP_FIND_LINKS: '', PIP_NO_CACHE_DIR: '1' };
  for (const [name, value] of Object.entries(offline)) vi.stubEnv(name, value);
  await expect(ensureEmulator(location)).rejects.toMatchObject({
    code: 'EMULATOR_INSTALL_FAILED',
    message: expect.stringMatching(/network access .* once, or work without the emulator: set AWS_ENDPOINT_URL/),
  });
  vi.unstubAllEnvs();

  // Somebody was killed in the middle of an installation, somebody else gave up.
  const directory = join(cacheDirectory, `python-${lockDigest(overlayDirectory())}`);
  await mkdir(join(directory, 'bin'), { recursive: true });
  await writeFile(join(directory, 'bin', 'python'), 'half-made', { mode: 0o755 });
  const controller = new AbortController();
  const given = ensureEmulator({ ...location, signal: controller.signal });
  await sleep(1500);
  controller.abort(new TypeError('given up'));
  await expect(given).rejects.toThrow('given up');

  const port = await freePort();
  const both = await Promise.all([ensureEmulator({ ...location, port }), ensureEmulator({ ...location, port })]);
  expect(both[0].pid).toBe(both[1].pid);
  expect(await readFile(join(directory, 'complete'), 'utf8')).not.toBe('');
});
