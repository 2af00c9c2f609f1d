import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ensureEmulator, getEmulatorStatus, stopEmulator } from '../../src/index.js';
import { askListener } from '../../src/operations/ask-emulator.js';
import { askRaw, signedFor } from '../support/ask-raw.js';
import { deploy, lastEvents, outputsOf } from '../support/deploy-template.js';
import { freePort, startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';
import { until } from '../support/until.js';

const OVERLAY = resolve(import.meta.dirname, '../../overlay');
let emulator: TestEmulator;
let folder: string;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jenkins-aws-security-'));
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'of-a-real-account');
  vi.stubEnv('LAMBDA_EXECUTOR', 'local');
  emulator = await startTestEmulator();
  vi.unstubAllEnvs();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(async () => {
  await emulator.stop();
  await rm(folder, { recursive: true });
});

test.each<[string, Record<string, string>]>([
  ['an origin', { origin: 'https://example.com' }],
  ['the origin of another program of this machine', { origin: 'http://localhost:3000' }],
  ['an opaque origin', { origin: 'null' }],
  ['a fetch site', { 'sec-fetch-site': 'cross-site' }],
  ['a name of its own that leads here', { host: 'rebound.example.com' }],
  ['a host without the port', { host: '127.0.0.1' }],
  ['an API host', { host: 'abc.execute-api.localhost' }],
])('fails to answer a web page, known by %s', async (_how, headers) => {
  for (const method of ['OPTIONS', 'GET', 'POST']) {
    const answer = await askRaw(emulator.port, { method, path: '/', headers });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatch(/^the emulator answers .*\n$/);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});

async function upgradeStatus(path: string, headers: Record<string, string>): Promise<number | undefined> {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const outgoing = request({ host: '127.0.0.1', port: emulator.port, path, headers: { ...upgrade, ...headers } });
  return new Promise((done, reject) => {
    outgoing.on('error', reject);
    outgoing.on('upgrade', (incoming, socket) => {
      socket.destroy();
      done(incoming.statusCode);
    });
    outgoing.on('response', (incoming) => {
      incoming.resume();
      done(incoming.statusCode);
    });
    outgoing.end();
  });
}

test('fails to open a web socket for a web page', async () => {
  const created = await askRaw(emulator.port, {
    method: 'POST',
    path: '/v2/apis',
    headers: { ...signedFor('apigateway'), 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'live', protocolType: 'WEBSOCKET', routeSelectionExpression: '$request.body.action' }),
  });
  const path = `/_aws/execute-api/${JSON.parse(created.body).apiId}/prod`;
  expect(await upgradeStatus(path, {})).toBe(101);
  expect(await upgradeStatus(path, { origin: 'https://example.com' })).toBe(403);
});

test('answers programs at both of its names, and lets no web page read it', async () => {
  for (const host of [`127.0.0.1:${emulator.port}`, `localhost:${emulator.port}`]) {
    const headers = { host, ...signedFor('sts'), 'content-type': 'application/x-www-form-urlencoded' };
    const body = 'Action=GetCallerIdentity&Version=2011-06-15';
    const answer = await askRaw(emulator.port, { method: 'POST', path: '/', headers, body });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('123456789012');
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});

test('fails to change the settings of what it is made of', async () => {
  const body = JSON.stringify({ 'lambda_svc.LAMBDA_EXECUTOR': 'local' });
  const answer = await askRaw(emulator.port, { method: 'POST', path: '/_ministack/config', body });
  expect(answer.status).toBe(403);
  expect(answer.body).toBe('the emulator has no /_ministack/config\n');
});

test.each([
  ['lambda', '/2015-03-31/functions'],
  ['lambda-microvms', '/'],
  ['codebuild', '/'],
  ['glue', '/'],
])('fails to take code for %s, and says why', async (service, path) => {
  const headers = { ...signedFor(service), 'content-type': 'application/x-amz-json-1.1' };
  const answer = await askRaw(emulator.port, { method: 'POST', path, headers, body: '{}' });
  expect(answer.status).toBe(400);
  expect(answer.body).toContain(`the emulator runs no code, so it has no ${service}; this needs an AWS account.`);
});

/** A function that leaves a file behind when it runs, and a topic that calls it. */
function functionTemplate(trace: string, runtime: 'python' | 'nodejs') {
  const ZipFile =
    runtime === 'python'
      ? `def handler(event, context):\n    open(${JSON.stringify(trace)}, 'w').close()\n`
      : `exports.handler = async () => require('fs').writeFileSync(${JSON.stringify(trace)}, '');\n`;
  return {
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic' },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: runtime === 'python' ? 'python3.12' : 'nodejs22.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile },
        },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: { Ref: 'Function' },
          Principal: 'sns.amazonaws.com',
        },
      },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          Protocol: 'lambda',
          TopicArn: { Ref: 'Topic' },
          Endpoint: { 'Fn::GetAtt': ['Function', 'Arn'] },
        },
      },
    },
    Outputs: { Topic: { Value: { Ref: 'Topic' } } },
  };
}

test.each(['python', 'nodejs'] as const)(
  'fails to run a %s function that a stack made and a topic calls',
  async (runtime) => {
    const cloudformation = new CloudFormationClient(emulator.client);
    const trace = join(folder, runtime);
    const { Topic = '' } = outputsOf(await deploy(cloudformation, runtime, functionTemplate(trace, runtime)));
    expect(Topic).toMatch(/^arn:aws:sns:/);
    const headers = { ...signedFor('sns'), 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', TopicArn: Topic, Message: 'run' });
    const answer = await askRaw(emulator.port, { method: 'POST', path: '/', headers, body: body.toString() });
    expect(answer.status).toBe(200);
    // One that ran took about a second.
    await sleep(4000);
    expect(existsSync(trace)).toBe(false);
  },
);

test('fails a custom resource at once, and says why', async () => {
  const cloudformation = new CloudFormationClient(emulator.client);
  const trace = join(folder, 'custom');
  const template = functionTemplate(trace, 'python');
  const Custom = { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] } } };
  const stack = await deploy(cloudformation, 'custom', { Resources: { ...template.Resources, Custom } });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  const reasons = (await lastEvents(cloudformation, 'custom')).map((event) => event.ResourceStatusReason);
  expect(reasons).toContainEqual(expect.stringContaining('no custom resources: Custom needs an AWS account'));
  expect(existsSync(trace)).toBe(false);
});

test('fails whatever starts a program or leaves this machine', () => {
  const script = [
    'import json, os, socket, subprocess, sys',
    `sys.path.insert(0, ${JSON.stringify(OVERLAY)})`,
    'sys.dont_write_bytecode = True',
    'import execution',
    'sys.addaudithook(execution._watch)',
    'def refused(work):',
    '    try:',
    '        work()',
    '    except PermissionError as error:',
    '        return "the emulator" in str(error)',
    '    return False',
    'def socket_of(family=socket.AF_INET):',
    '    return socket.socket(family, socket.SOCK_STREAM)',
    'print(json.dumps({',
    '    "run": refused(lambda: subprocess.run(["true"])),',
    '    "shell": refused(lambda: os.system("true")),',
    '    "spawn": refused(lambda: os.posix_spawn("/bin/true", ["true"], {})),',
    '    "replace": refused(lambda: os.execv("/bin/true", ["true"])),',
    '    "fork": refused(lambda: os.fork() or os._exit(0)),',
    '    "away": refused(lambda: socket_of().connect(("192.0.2.1", 80))),',
    '    "away by datagram": refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", ("192.0.2.1", 53))),',
    '    "look a name up": refused(lambda: socket.getaddrinfo("example.com", 80)),',
    '    "look this machine up": refused(lambda: socket.getaddrinfo("127.0.0.1", 80)),',
    '    "container engine": refused(lambda: socket_of(socket.AF_UNIX).connect("/var/run/docker.sock")),',
    '    "listen to all": refused(lambda: socket_of().bind(("0.0.0.0", 0))),',
    '    "listen here": refused(lambda: socket_of().bind(("127.0.0.1", 0))),',
    '}))',
  ].join('\n');
  const { stdout, stderr } = spawnSync('python3', ['-I', '-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    run: true,
    shell: true,
    spawn: true,
    replace: true,
    fork: true,
    away: true,
    'away by datagram': true,
    'look a name up': true,
    'look this machine up': false,
    'container engine': true,
    'listen to all': true,
    'listen here': false,
  });
});

test.skipIf(process.platform !== 'linux')('gets nothing of the environment that it does not need', async () => {
  const given = (await readFile(`/proc/${emulator.pid}/environ`, 'utf8')).split('\0').filter((entry) => entry !== '');
  const names = given.map((entry) => entry.slice(0, entry.indexOf('=')));
  expect(names).toContain('PATH');
  expect(names.filter((name) => /^(AWS_|LAMBDA_|PIP_|NODE_)/.test(name))).toEqual([]);
});

test('takes no setting from whoever starts it', () => {
  const script = [
    'import json, os, sys',
    `sys.path.insert(0, ${JSON.stringify(OVERLAY)})`,
    'sys.dont_write_bytecode = True',
    'import emulator',
    `emulator.prepare_environment(${JSON.stringify(folder)}, 4597, "123456789012")`,
    'print(json.dumps(dict(os.environ)))',
  ].join('\n');
  const settings = { AUTH: '1', DOCKER_HOST: 'tcp://192.0.2.1', LAMBDA_STRICT: '0', MINISTACK_CODEBUILD_EXECUTE: '1' };
  const env = { PATH: process.env.PATH, SFN_MOCK_CONFIG: '/x', SMTP_HOST: 'mail.example.com', ...settings };
  const { stdout } = spawnSync('python3', ['-I', '-c', script], { encoding: 'utf8', env });
  const seen = JSON.parse(stdout);
  expect(seen).toMatchObject({ BIND_HOST: '127.0.0.1', LAMBDA_STRICT: '1', MINISTACK_CODEBUILD_EXECUTE: '0' });
  for (const name of ['AUTH', 'DOCKER_HOST', 'SFN_MOCK_CONFIG', 'SMTP_HOST']) expect(seen).not.toHaveProperty(name);
});

test('keeps its token to those who may read its directory', async () => {
  const file = join(emulator.location.stateDirectory, 'emulator.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { token } = JSON.parse(await readFile(file, 'utf8'));
  expect(token).toMatch(/^[0-9a-f]{64}$/);
  const paths = ['/_ministack/health', '/_jenkins-aws/emulator', `/_jenkins-aws/emulator?challenge=${'0'.repeat(32)}`];
  const answers = await Promise.all(paths.map((path) => askRaw(emulator.port, { path })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(answers.map(({ body }) => body.includes(token))).toEqual([false, false, false]);
  expect(JSON.stringify(await getEmulatorStatus(emulator.location))).not.toContain(token);
});

/** A program that answers every question with what `answer` gives. */
async function impostor(answer: () => object, port = 0): Promise<number> {
  const server: Server = createServer((_request, response) => response.end(JSON.stringify(answer())));
  server.listen(port, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  cleanups.push(() => new Promise((done) => server.close(done)));
  return (server.address() as AddressInfo).port;
}

async function bystander(): Promise<{ pid: number; isAlive: () => boolean }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  cleanups.push(() => child.kill('SIGKILL'));
  return { pid: child.pid ?? 0, isAlive: () => child.exitCode === null && child.signalCode === null };
}

test('fails to take for its own what claims to be it without a proof', async () => {
  const victim = await bystander();
  const stateDirectory = await mkdtemp(join(folder, 'state-'));
  const location = { ...emulator.location, stateDirectory };
  const written = JSON.parse(await readFile(join(emulator.location.stateDirectory, 'emulator.json'), 'utf8'));
  const claim = { ...written, stateDirectory, pid: victim.pid, token: undefined };
  const port: number = await impostor(() => ({ ...claim, port, proof: '0'.repeat(64) }));
  await writeFile(join(stateDirectory, 'emulator.json'), JSON.stringify({ ...claim, port, token: written.token }));
  expect(await getEmulatorStatus(location)).toEqual({ state: 'stopped' });
  expect(await stopEmulator(location)).toEqual({ stopped: false });
  await expect(ensureEmulator({ ...location, port })).rejects.toMatchObject({
    code: 'EMULATOR_PORT_TAKEN',
    message: expect.stringContaining('cannot prove it'),
  });
  expect(victim.isAlive()).toBe(true);
});

test('fails to take for its own what repeats the proof of one that was killed', async () => {
  const killed = await startTestEmulator();
  cleanups.push(() => killed.stop());
  const path = `/_jenkins-aws/emulator?challenge=${'a'.repeat(32)}`;
  const seen = JSON.parse((await askRaw(killed.port, { path })).body);
  expect(seen).toMatchObject({ pid: killed.pid, proof: expect.stringMatching(/^[0-9a-f]{64}$/) });
  process.kill(killed.pid, 'SIGKILL');
  await until(
    () => askListener(killed.port),
    ({ kind }) => kind === 'nobody',
  );
  await impostor(() => seen, killed.port);
  expect(await getEmulatorStatus(killed.location)).toEqual({ state: 'stopped' });
});

test('fails to end a process that the record file does not name', async () => {
  const victim = await bystander();
  const file = join(emulator.location.stateDirectory, 'emulator.json');
  const written = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...written, pid: victim.pid }));
  expect(await stopEmulator(emulator.location)).toEqual({ stopped: false });
  await writeFile(file, JSON.stringify(written));
  expect(victim.isAlive()).toBe(true);
  expect(await getEmulatorStatus(emulator.location)).toMatchObject({ state: 'running', pid: emulator.pid });
});

test('fails to start on one port what runs on another, and says how', async () => {
  const port = await freePort();
  await expect(ensureEmulator({ ...emulator.location, port })).rejects.toMatchObject({
    code: 'EMULATOR_RUNS_ELSEWHERE',
    message: `the emulator runs on port ${emulator.port}, not on ${port}; stop it first to start it on ${port}, or use it on ${emulator.port}`,
  });
  expect(await ensureEmulator(emulator.location)).toMatchObject({ port: emulator.port, started: false });
  await new SSMClient(emulator.client).send(new PutParameterCommand({ Name: '/there', Value: 'yes', Type: 'String' }));
});
