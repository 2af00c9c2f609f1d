import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs';
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  clearCallRecord,
  clearFaults,
  type FaultRule,
  getCallRecord,
  getFaults,
  resetEmulator,
  setFaults,
} from '../../src/index.js';
import { askRaw } from '../support/ask-raw.js';
import { controllerTemplate } from '../support/controller-template.js';
import { deploy, lastEvents, type Template } from '../support/deploy-template.js';
import { startTestEmulator, TEST_CACHE, type TestEmulator } from '../support/start-test-emulator.js';
import { until } from '../support/until.js';

const OVERLAY = resolve(import.meta.dirname, '../../overlay');
let emulator: TestEmulator;
let cloudformation: CloudFormationClient;
beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
});
afterEach(() => clearFaults(emulator.location));
afterAll(() => emulator.stop());

const always = (service: string, operation: string, error: string): FaultRule => ({
  service,
  operation,
  rate: 1,
  error,
});
const set = (...rules: FaultRule[]) => setFaults({ ...emulator.location, rules });

interface Failure extends Error {
  readonly $metadata: { readonly httpStatusCode?: number };
}

/** One call of each wire protocol, as SDK v3 makes it. */
const once = () => ({ ...emulator.client, maxAttempts: 1 });
const CALLS: Record<string, () => Promise<unknown>> = {
  'ec2:DescribeVpcs': () => new EC2Client(once()).send(new DescribeVpcsCommand({})),
  'cloudformation:DescribeStacks': () => new CloudFormationClient(once()).send(new DescribeStacksCommand({})),
  'autoscaling:DescribeAutoScalingGroups': () =>
    new AutoScalingClient(once()).send(new DescribeAutoScalingGroupsCommand({})),
  'elbv2:DescribeLoadBalancers': () =>
    new ElasticLoadBalancingV2Client(once()).send(new DescribeLoadBalancersCommand({})),
  'efs:DescribeFileSystems': () => new EFSClient(once()).send(new DescribeFileSystemsCommand({})),
  'ssm:DescribeParameters': () => new SSMClient(once()).send(new DescribeParametersCommand({})),
  'cloudwatch:DescribeAlarms': () => new CloudWatchClient(once()).send(new DescribeAlarmsCommand({})),
  'route53:ListHostedZones': () => new Route53Client(once()).send(new ListHostedZonesCommand({})),
  's3:ListBuckets': () => new S3Client(once()).send(new ListBucketsCommand({})),
  's3:ListObjectsV2': () => new S3Client(once()).send(new ListObjectsV2Command({ Bucket: 'some-bucket' })),
  'sns:ListTopics': () => new SNSClient(once()).send(new ListTopicsCommand({})),
  'sts:GetCallerIdentity': () => new STSClient(once()).send(new GetCallerIdentityCommand({})),
};

test.each(Object.keys(CALLS))('answers %s with the error in the form of its protocol', async (call) => {
  const [service = '', operation = ''] = call.split(':');
  for (const [error, status] of [
    ['ThrottlingException', 400],
    ['RequestLimitExceeded', 503],
    ['InternalFailure', 500],
    ['ServiceUnavailable', 503],
    ['AccessDenied', 403],
  ] as const) {
    await set(always(service, operation, error));
    const thrown = (await CALLS[call]?.().catch((reason) => reason)) as Failure;
    expect([thrown.name, thrown.$metadata.httpStatusCode]).toEqual([error, status]);
    expect(thrown.message).not.toBe('UnknownError');
  }
});

test('is tried again by SDK v3 like the real errors', async () => {
  for (const error of ['Throttling', 'InternalFailure', 'ServiceUnavailable', 'ConnectionReset']) {
    await set({ ...always('*', '*', error), rate: 0.5, seed: 3 });
    const ec2 = new EC2Client({ ...emulator.client, maxAttempts: 12 });
    let attempts = 0;
    for (let call = 0; call < 6; call++) {
      attempts += (await ec2.send(new DescribeVpcsCommand({}))).$metadata.attempts ?? 0;
    }
    expect(attempts).toBeGreaterThan(6);
    const [rule] = await getFaults(emulator.location);
    expect(rule?.struck).toBe(attempts - 6);
  }
});

test('drops a connection without an answer', async () => {
  await set(always('ec2', 'DescribeVpcs', 'ConnectionReset'));
  await expect(CALLS['ec2:DescribeVpcs']?.()).rejects.toMatchObject({ code: 'ECONNRESET' });
  await CALLS['ssm:DescribeParameters']?.();
});

test('lets fail what the rules name, and nothing else', async () => {
  await set(always('ec2', '*', 'Throttling'), always('*', 'DescribeAlarms', 'InternalFailure'));
  await expect(CALLS['ec2:DescribeVpcs']?.()).rejects.toThrow('Rate exceeded');
  await expect(CALLS['cloudwatch:DescribeAlarms']?.()).rejects.toThrow();
  await CALLS['ssm:DescribeParameters']?.();
});

test('fails the same calls for the same seed', async () => {
  const run = async (): Promise<boolean[]> => {
    await set({ ...always('ec2', 'DescribeVpcs', 'Throttling'), rate: 0.3, seed: 42 });
    const failed: boolean[] = [];
    for (let call = 0; call < 20; call++) {
      const answer = await CALLS['ec2:DescribeVpcs']?.().catch(() => 'failed');
      failed.push(answer === 'failed');
    }
    return failed;
  };
  const first = await run();
  expect(first.filter(Boolean).length).toBeGreaterThan(1);
  expect(await run()).toEqual(first);
});

test('keeps the rules over a restart and forgets them at a reset', async () => {
  const other = await startTestEmulator();
  try {
    const rule = { ...always('ec2', 'RunInstances', 'Throttling'), rate: 0.3 };
    await setFaults({ ...other.location, rules: [rule] });
    process.kill(other.pid, 'SIGKILL');
    await other.restart();
    expect(await getFaults(other.location)).toEqual([{ ...rule, struck: 0 }]);
    await resetEmulator(other.location);
    expect(await getFaults(other.location)).toEqual([]);
  } finally {
    await other.stop();
  }
});

test('fails to take rules that would never strike, with every problem', async () => {
  const wrong = [
    { service: 'ec3', operation: 'RunInstances', rate: 0.3, error: 'Throttling' },
    { service: 'ec2', operation: 'RunInstance', rate: 3, error: '' },
    { service: '*', operation: '*', rate: 0, error: 'Throttling', status: 200, colour: 'red' },
  ] as unknown as FaultRule[];
  const thrown = await setFaults({ ...emulator.location, rules: wrong }).catch((reason) => reason);
  expect(thrown.code).toBe('EMULATOR_REFUSED');
  for (const problem of ["got 'ec3'", "no operation 'RunInstance'", 'got 3', "got ''", 'got 200', 'colour']) {
    expect(thrown.message).toContain(problem);
  }
  expect(await getFaults(emulator.location)).toEqual([]);
});

test('fails to obey a web page', async () => {
  const path = '/_jenkins-aws/faults';
  const body = JSON.stringify([always('*', '*', 'Throttling')]);
  const headers = { origin: 'https://example.com' };
  expect((await askRaw(emulator.port, { method: 'PUT', path, headers, body })).status).toBe(403);
  expect(await getFaults(emulator.location)).toEqual([]);
});

const topic = { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'one' } };
const reason = async (stack: string) =>
  (await lastEvents(cloudformation, stack)).find((event) => event.ResourceStatus?.endsWith('_FAILED'))
    ?.ResourceStatusReason;

test('fails a resource whose call is refused, in the words of its handler', async () => {
  await set(always('sns', 'CreateTopic', 'AccessDenied'));
  const stack = await deploy(cloudformation, 'denied', { Resources: { Topic: topic } });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await reason('denied')).toMatch(
    /^Resource handler returned message: "User: arn:aws:iam::\d+:user\/emulator is not authorized to perform: sns:CreateTopic because no identity-based policy allows the sns:CreateTopic action \(Service: Sns, Status Code: 403, Request ID: .*\)" \(RequestToken: .*, HandlerErrorCode: AccessDenied\)$/,
  );
});

test('fails a resource whose call is throttled for too long, and gets over a short while of it', async () => {
  await set(always('sns', 'CreateTopic', 'Throttling'));
  const stack = await deploy(cloudformation, 'throttled', { Resources: { Topic: topic } });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await reason('throttled')).toContain('HandlerErrorCode: Throttling');
  await set({ ...always('sns', '*', 'Throttling'), rate: 0.5, seed: 1 });
  const again = await deploy(cloudformation, 'passing', { Resources: { Topic: topic } });
  expect(again.StackStatus).toBe('CREATE_COMPLETE');
});

test('fails the update of a resource during a rollback only', async () => {
  await deploy(cloudformation, 'stuck', { Resources: { Topic: topic } });
  await set({ ...always('sns', 'SetTopicAttributes', 'InternalFailure'), during: 'rollback' });
  const broken = { Type: 'AWS::SSM::Parameter', DependsOn: 'Topic', Properties: { Type: 'Wrong', Value: 'x' } };
  const changed = { ...topic, Properties: { DisplayName: 'two' } };
  const stack = await deploy(cloudformation, 'stuck', { Resources: { Topic: changed, Broken: broken } }, 'UPDATE');
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
  expect(stack.StackStatusReason).toContain('The following resource(s) failed to update: [Topic].');
});

test('records every call with its outcome, and who made it', async () => {
  await clearCallRecord(emulator.location);
  for (const call of Object.values(CALLS)) await call().catch(() => undefined);
  await set(always('ec2', 'DescribeVpcs', 'Throttling'));
  await CALLS['ec2:DescribeVpcs']?.().catch(() => undefined);
  await deploy(cloudformation, 'recorded', { Resources: { Topic: topic } });
  const record = await until(
    () => getCallRecord(emulator.location),
    (calls) => calls.some(({ by }) => by === 'cloudformation'),
  );
  const names = record.map(({ service, operation }) => `${service}:${operation}`);
  const asked = Object.keys(CALLS).map((call) =>
    call.replace('elbv2:', 'elasticloadbalancing:').replace('efs:', 'elasticfilesystem:'),
  );
  expect(names).toEqual(expect.arrayContaining(asked));
  const of = (operation: string) => record.find((calls) => calls.operation === operation);
  expect(of('DescribeVpcs')).toMatchObject({ by: 'caller', count: 2, outcomes: { ok: 1, Throttling: 1 } });
  expect(of('ListObjectsV2')).toMatchObject({ action: 's3:ListBucket', outcomes: { NoSuchBucket: 1 } });
  expect(of('CreateTopic')).toMatchObject({ by: 'cloudformation', count: 1, outcomes: { ok: 1 } });
  await clearCallRecord(emulator.location);
  expect(await getCallRecord(emulator.location)).toEqual([]);
});

test('fails to ask an emulator that does not run', async () => {
  const location = { ...emulator.location, stateDirectory: `${emulator.location.stateDirectory}-absent` };
  await expect(getFaults(location)).rejects.toMatchObject({ code: 'EMULATOR_NOT_RUNNING' });
});

const fleet = (text: string): Template => ({
  Resources: {
    Launch: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { ImageId: 'ami-0c2023a1b2c3d4e5f', InstanceType: 't3.large' } },
    },
    Group: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      CreationPolicy: { ResourceSignal: { Count: 1 } },
      Properties: {
        AutoScalingGroupName: text,
        MinSize: '1',
        MaxSize: '1',
        AvailabilityZones: ['eu-central-1a'],
        LaunchTemplate: { LaunchTemplateId: { Ref: 'Launch' }, Version: '1' },
      },
    },
  },
});

test('fails the launch of a group, and gets over a short while of throttling', async () => {
  await set(always('ec2', 'RunInstances', 'InsufficientInstanceCapacity'));
  const stack = await deploy(cloudformation, 'no-capacity', fleet('no-capacity'));
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await reason('no-capacity')).toContain('We currently do not have sufficient capacity');
  await set({ ...always('ec2', 'RunInstances', 'Throttling'), rate: 0.5, seed: 1 });
  expect((await deploy(cloudformation, 'enough', fleet('enough'))).StackStatus).toBe('CREATE_COMPLETE');
  const [rule] = await getFaults(emulator.location);
  expect(rule?.struck).toBeGreaterThan(0);
});

test('lets a whole controller come up under throttling, server errors and dropped connections', async () => {
  const share = { service: '*', operation: '*', rate: 0.1 };
  await set(
    { ...share, error: 'Throttling', seed: 1 },
    { ...share, error: 'InternalFailure', seed: 2 },
    { ...share, error: 'ConnectionReset', seed: 3 },
  );
  const patient = new CloudFormationClient({ ...emulator.client, maxAttempts: 15 });
  const stack = await deploy(patient, 'rough', controllerTemplate());
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  expect((await getFaults(emulator.location)).every(({ struck }) => struck > 3)).toBe(true);
});

test('names in its table of calls only what AWS has', async () => {
  const [environment] = (await readdir(TEST_CACHE)).filter((name) => /^python-[0-9a-f]+$/.test(name));
  const program = [
    'import sys, os; sys.path.insert(0, os.getcwd())',
    'import requested_operation as known, type_operations as table',
    'wrong = []',
    'for kind in table._OPERATIONS:',
    '    for action in ("create", "update", "delete"):',
    '        service, operations = table.operations_of("AWS::" + kind, action)',
    '        wrong += [f"{service}:{name}" for name in operations if not known.has_operation(service, name)]',
    'print(len(table._OPERATIONS), wrong)',
  ].join('\n');
  const python = join(TEST_CACHE, environment ?? '', 'bin', 'python');
  const { stdout } = await promisify(execFile)(python, ['-I', '-B', '-c', program], { cwd: OVERLAY });
  expect(stdout.trim()).toMatch(/^[4-9]\d \[\]$/);
});
