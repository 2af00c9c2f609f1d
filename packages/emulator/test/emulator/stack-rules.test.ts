import {
  type Capability,
  CloudFormationClient,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetStackPolicyCommand,
  ListChangeSetsCommand,
  SetStackPolicyCommand,
  UpdateStackCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateSubnetCommand, DeleteSubnetCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clearFaults, type FaultRule, setFaults } from '../../src/index.js';
import {
  createChangeSet,
  deploy,
  describeStack,
  destroy,
  lastEvents,
  lines,
  outputsOf,
  settled,
  type Template,
} from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

let emulator: TestEmulator;
let cloudformation: CloudFormationClient;
beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
});
afterEach(() => clearFaults(emulator.location));
afterAll(() => emulator.stop());

const topic = (DisplayName: string) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
const parameter = (Name: string) => ({ Type: 'AWS::SSM::Parameter', Properties: { Name, Type: 'String', Value: 'x' } });
const topics = (count: number): Template => ({
  Resources: Object.fromEntries(Array.from({ length: count }, (_, at) => [`Topic${at}`, topic(`${at}`)])),
});
const body = (template: Template) => JSON.stringify(template);
const faults = (...rules: FaultRule[]) => setFaults({ ...emulator.location, rules });
const fails = (service: string, operation: string, more: Partial<FaultRule> = {}): FaultRule => ({
  service,
  operation,
  rate: 1,
  error: 'AccessDenied',
  ...more,
});

const POLICY = {
  Statement: [
    { Effect: 'Deny', Action: ['Update:Replace', 'Update:Delete'], Principal: '*', Resource: 'LogicalResourceId/Data' },
    { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' },
  ],
};

test('holds an update to the stack policy: replacement and removal are denied, a change is not', async () => {
  const before = { Resources: { Data: parameter('/one'), Other: topic('one') } };
  await deploy(cloudformation, 'guarded', before);
  const policy = { StackName: 'guarded', StackPolicyBody: JSON.stringify(POLICY) };
  await cloudformation.send(new SetStackPolicyCommand(policy));
  const { StackPolicyBody } = await cloudformation.send(new GetStackPolicyCommand({ StackName: 'guarded' }));
  expect(JSON.parse(StackPolicyBody ?? '')).toEqual(POLICY);

  const failure = async (template: Template) => {
    const stack = await deploy(cloudformation, 'guarded', template, 'UPDATE');
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.StackStatusReason).toContain('The following resource(s) failed to update: [Data].');
    const events = await lastEvents(cloudformation, 'guarded');
    return events.find((event) => event.ResourceStatus === 'UPDATE_FAILED')?.ResourceStatusReason;
  };
  expect(await failure({ Resources: { Data: parameter('/two'), Other: topic('one') } })).toBe(
    'Action denied by stack policy: Statement [#1] does not allow [Update:Replace] for resource [LogicalResourceId/Data]',
  );
  expect(await failure({ Resources: { Other: topic('two') } })).toBe(
    'Action denied by stack policy: Statement [#1] does not allow [Update:Delete] for resource [LogicalResourceId/Data]',
  );
  const changed = { ...parameter('/one'), Properties: { Name: '/one', Type: 'String', Value: 'y' } };
  const after = { Resources: { Data: changed, Other: topic('two') } };
  expect((await deploy(cloudformation, 'guarded', after, 'UPDATE')).StackStatus).toBe('UPDATE_COMPLETE');
  // A policy for the time of one update opens what the lasting one denies.
  await cloudformation.send(
    new UpdateStackCommand({
      StackName: 'guarded',
      TemplateBody: body({ Resources: { Other: topic('two') } }),
      StackPolicyDuringUpdateBody: JSON.stringify({
        Statement: [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }],
      }),
    }),
  );
  expect((await settled(cloudformation, 'guarded')).StackStatus).toBe('UPDATE_COMPLETE');
  expect((await destroy(cloudformation, 'guarded')).StackStatus).toBe('DELETE_COMPLETE');
});

test('fails to change what no statement of a stack policy allows', async () => {
  await deploy(cloudformation, 'closed', topics(1));
  const statement = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: 'LogicalResourceId/Else' };
  const StackPolicyBody = JSON.stringify({ Statement: [statement] });
  await cloudformation.send(new SetStackPolicyCommand({ StackName: 'closed', StackPolicyBody }));
  await deploy(cloudformation, 'closed', { Resources: { Topic0: topic('other') } }, 'UPDATE');
  const events = await lastEvents(cloudformation, 'closed');
  expect(events.find((event) => event.ResourceStatus === 'UPDATE_FAILED')?.ResourceStatusReason).toContain(
    'Action not allowed by stack policy',
  );
  const broken = { StackName: 'closed', StackPolicyBody: '{"Statement": [{"Effect": "Allow"}]}' };
  await expect(cloudformation.send(new SetStackPolicyCommand(broken))).rejects.toThrow('Invalid stack policy');
});

test('fails with a service role that is not there or does not trust CloudFormation', async () => {
  const iam = new IAMClient(emulator.client);
  const role = async (RoleName: string, Service: string) => {
    const Statement = [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    return Role?.Arn ?? '';
  };
  const good = await role('deployer', 'cloudformation.amazonaws.com');
  const foreign = await role('foreign', 'ec2.amazonaws.com');
  const create = (StackName: string, RoleARN: string) =>
    cloudformation.send(new CreateStackCommand({ StackName, RoleARN, TemplateBody: body(topics(1)) }));
  for (const wrong of [`${good}-gone`, foreign]) {
    await expect(create('roled', wrong)).rejects.toThrow(`Role ${wrong} is invalid or cannot be assumed`);
  }
  await create('roled', good);
  expect((await settled(cloudformation, 'roled')).RoleARN).toBe(good);
  await faults(fails('sns', 'DeleteTopic'));
  const stack = await destroy(cloudformation, 'roled');
  expect(stack.StackStatus).toBe('DELETE_FAILED');
  const { StackResources = [] } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName: 'roled' }));
  expect(StackResources[0]?.ResourceStatusReason).toContain(
    'assumed-role/deployer/AWSCloudFormation is not authorized',
  );

  const { ChangeSetName, StackName } = { ChangeSetName: 'with-role', StackName: 'roled-too' };
  const RoleARN = good;
  await cloudformation.send(
    new CreateChangeSetCommand({
      ChangeSetName,
      StackName,
      RoleARN,
      ChangeSetType: 'CREATE',
      TemplateBody: body(topics(1)),
    }),
  );
  await cloudformation.send(new ExecuteChangeSetCommand({ ChangeSetName, StackName }));
  expect((await settled(cloudformation, StackName)).RoleARN).toBe(good);
});

test('reads templates from every form of an address in its own S3, up to a million bytes', async () => {
  const s3 = new S3Client({ ...emulator.client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'templates-here' }));
  const padded = (size: number) => {
    const template = { ...topics(2), Description: 'x', Metadata: { Padding: '' } };
    template.Metadata.Padding = 'p'.repeat(size - JSON.stringify(template).length);
    return JSON.stringify(template);
  };
  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: 'templates-here', Key, Body }));
  await put('artifacts/sha256/large.json', padded(1_000_000));
  await put('too-large.json', padded(1_000_001));
  const key = 'artifacts/sha256/large.json';
  const urls = [
    `https://templates-here.s3.eu-central-1.amazonaws.com/${key}`,
    `https://templates-here.s3.amazonaws.com/${key}`,
    `https://s3.eu-central-1.amazonaws.com/templates-here/${key}`,
    `https://templates-here.s3.cn-north-1.amazonaws.com.cn/${key}`,
    `${emulator.endpoint}/templates-here/${key}`,
  ];
  for (const [at, TemplateURL] of urls.entries()) {
    await cloudformation.send(new CreateStackCommand({ StackName: `from-s3-${at}`, TemplateURL }));
    expect((await settled(cloudformation, `from-s3-${at}`)).StackStatus).toBe('CREATE_COMPLETE');
  }
  const refused = (TemplateURL: string) => cloudformation.send(new ValidateTemplateCommand({ TemplateURL }));
  const host = 'https://templates-here.s3.eu-central-1.amazonaws.com';
  await expect(refused(`${host}/too-large.json`)).rejects.toThrow('may not exceed 1000000 bytes');
  await expect(refused(`${host}/gone.json`)).rejects.toThrow('S3 error: The specified key does not exist.');
  await expect(refused('https://gone.s3.amazonaws.com/x')).rejects.toThrow('The specified bucket does not exist.');
  await expect(refused('https://example.com/x')).rejects.toThrow('TemplateURL must be a supported URL.');
});

test('fails with 501 resources, and not with 500', async () => {
  const plain = (count: number) =>
    body({
      Resources: Object.fromEntries(Array.from({ length: count }, (_, at) => [`T${at}`, { Type: 'AWS::SNS::Topic' }])),
    });
  await cloudformation.send(new ValidateTemplateCommand({ TemplateBody: plain(500) }));
  const refused = 'Template format error: Number of resources, 501, is greater than maximum allowed, 500';
  const TemplateBody = plain(501);
  await expect(cloudformation.send(new ValidateTemplateCommand({ TemplateBody }))).rejects.toThrow(refused);
  await expect(cloudformation.send(new CreateStackCommand({ StackName: 'many', TemplateBody }))).rejects.toThrow(
    refused,
  );
  await expect(createChangeSet(cloudformation, 'many', JSON.parse(TemplateBody), 'CREATE')).rejects.toThrow(refused);
});

test('ends in UPDATE_ROLLBACK_FAILED, goes on when asked, and skips what it is told to', async () => {
  const pair = (text: string): Template => ({ Resources: { One: topic(text), Two: topic(text) } });
  await deploy(cloudformation, 'rolling', pair('old'));
  await faults(fails('sns', 'SetTopicAttributes', { during: 'rollback' }), fails('ssm', 'PutParameter'));
  const next = { Resources: { ...pair('new').Resources, Last: { ...parameter('/last'), DependsOn: ['One', 'Two'] } } };
  const stack = await deploy(cloudformation, 'rolling', next, 'UPDATE');
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
  expect(stack.StackStatusReason).toBe('The following resource(s) failed to update: [One, Two].');
  const goOn = async (ResourcesToSkip?: string[]) => {
    await cloudformation.send(new ContinueUpdateRollbackCommand({ StackName: 'rolling', ResourcesToSkip }));
    return (await settled(cloudformation, 'rolling')).StackStatus;
  };
  expect(await goOn()).toBe('UPDATE_ROLLBACK_FAILED');
  await expect(createChangeSet(cloudformation, 'rolling', pair('x'), 'UPDATE')).rejects.toThrow(
    'is in UPDATE_ROLLBACK_FAILED state and can not be updated.',
  );
  expect(await goOn(['One'])).toBe('UPDATE_ROLLBACK_FAILED');
  await clearFaults(emulator.location);
  expect(await goOn()).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('ends in ROLLBACK_FAILED and DELETE_FAILED, and lets go of what it is told to retain', async () => {
  await faults(fails('sns', 'DeleteTopic'), fails('ssm', 'PutParameter'));
  const template = { Resources: { Topic: topic('one'), Last: { ...parameter('/last'), DependsOn: 'Topic' } } };
  const failed = await deploy(cloudformation, 'left', template);
  expect(failed.StackStatus).toBe('ROLLBACK_FAILED');
  expect(failed.StackStatusReason).toBe('The following resource(s) failed to delete: [Topic].');
  expect((await destroy(cloudformation, 'left')).StackStatus).toBe('DELETE_FAILED');
  await cloudformation.send(new DeleteStackCommand({ StackName: 'left', RetainResources: ['Topic'] }));
  const { Topics: before = [] } = await new SNSClient(emulator.client).send(new ListTopicsCommand({}));
  expect((await settled(cloudformation, failed.StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE');
  expect(before.some(({ TopicArn }) => TopicArn?.includes('left-Topic'))).toBe(true);
});

test('makes the change sets of an update obsolete, lists them by id and executes each once', async () => {
  await deploy(cloudformation, 'changing', topics(1));
  const { StackId = '' } = await describeStack(cloudformation, 'changing');
  const waiting = await createChangeSet(cloudformation, 'changing', topics(2), 'UPDATE');
  await cloudformation.send(new UpdateStackCommand({ StackName: 'changing', TemplateBody: body(topics(3)) }));
  await settled(cloudformation, 'changing');
  const execute = (ChangeSetName?: string) => cloudformation.send(new ExecuteChangeSetCommand({ ChangeSetName }));
  await expect(execute(waiting.ChangeSetId)).rejects.toMatchObject({
    name: 'InvalidChangeSetStatusException',
    message: `ChangeSet [${waiting.ChangeSetId}] cannot be executed in its current execution status of [OBSOLETE]`,
  });
  const next = await createChangeSet(cloudformation, 'changing', topics(4), 'UPDATE');
  const { Summaries = [] } = await cloudformation.send(new ListChangeSetsCommand({ StackName: StackId }));
  expect(Summaries.map(({ ChangeSetId }) => ChangeSetId).sort()).toEqual(
    expect.arrayContaining([next.ChangeSetId, waiting.ChangeSetId]),
  );
  const byBoth = { ChangeSetName: next.ChangeSetName, StackName: StackId };
  expect((await cloudformation.send(new DescribeChangeSetCommand(byBoth))).ChangeSetId).toBe(next.ChangeSetId);
  await cloudformation.send(new ExecuteChangeSetCommand(byBoth));
  await expect(execute(next.ChangeSetId)).rejects.toThrow('cannot be executed in its current execution status of');
  await settled(cloudformation, 'changing');
  await expect(execute(next.ChangeSetId)).rejects.toThrow('execution status of [EXECUTE_COMPLETE]');
  const nothing = await createChangeSet(cloudformation, 'changing', topics(4), 'UPDATE');
  await expect(execute(nothing.ChangeSetId)).rejects.toThrow('cannot be executed in its current status of [FAILED]');
  await expect(cloudformation.send(new ListChangeSetsCommand({ StackName: 'nowhere' }))).rejects.toThrow(
    'Stack [nowhere] does not exist',
  );
});

test('keeps the stack under review over several change sets', async () => {
  const first = await createChangeSet(cloudformation, 'reviewed', topics(1), 'CREATE');
  const second = await createChangeSet(cloudformation, 'reviewed', topics(2), 'CREATE');
  expect(second.StackId).toBe(first.StackId);
  expect((await describeStack(cloudformation, 'reviewed')).StackId).toBe(first.StackId);
  const { Summaries = [] } = await cloudformation.send(new ListChangeSetsCommand({ StackName: 'reviewed' }));
  expect(Summaries).toHaveLength(2);
  await expect(createChangeSet(cloudformation, 'reviewed', topics(501), 'CREATE')).rejects.toThrow('501');
  expect((await describeStack(cloudformation, 'reviewed')).StackStatus).toBe('REVIEW_IN_PROGRESS');
  await cloudformation.send(new ExecuteChangeSetCommand({ ChangeSetName: second.ChangeSetId }));
  const stack = await settled(cloudformation, 'reviewed');
  expect([stack.StackStatus, stack.StackId]).toEqual(['CREATE_COMPLETE', first.StackId]);
});

test('fails to create again, or to change, what a rollback left', async () => {
  await faults(fails('sns', 'CreateTopic'));
  await deploy(cloudformation, 'husk', topics(1));
  await expect(createChangeSet(cloudformation, 'husk', topics(1), 'CREATE')).rejects.toThrow(
    /^Stack \[husk\] already exists and cannot be created again with the changeSet \[.*\]\.$/,
  );
  const StackName = 'husk';
  const TemplateBody = body(topics(1));
  await expect(cloudformation.send(new CreateStackCommand({ StackName, TemplateBody }))).rejects.toThrow(
    'Stack [husk] already exists',
  );
  const refused = /^Stack:arn:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/;
  await expect(cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody }))).rejects.toThrow(refused);
  await expect(createChangeSet(cloudformation, 'husk', topics(1), 'UPDATE')).rejects.toThrow(refused);
});

test('gives a creation up when its stack is deleted, and refuses to delete in an update', async () => {
  await cloudformation.send(new CreateStackCommand({ StackName: 'early', TemplateBody: body(topics(40)) }));
  const { StackId = '' } = await describeStack(cloudformation, 'early');
  await cloudformation.send(new DeleteStackCommand({ StackName: 'early' }));
  await cloudformation.send(new DeleteStackCommand({ StackName: 'early' }));
  expect((await settled(cloudformation, StackId)).StackStatus).toBe('DELETE_COMPLETE');
  const { Topics = [] } = await new SNSClient(emulator.client).send(new ListTopicsCommand({}));
  expect(Topics.filter(({ TopicArn }) => TopicArn?.includes('early'))).toEqual([]);

  await deploy(cloudformation, 'busy', topics(1));
  await cloudformation.send(new UpdateStackCommand({ StackName: 'busy', TemplateBody: body(topics(40)) }));
  await expect(cloudformation.send(new DeleteStackCommand({ StackName: 'busy' }))).rejects.toThrow(
    /^Stack \[arn:.*\] cannot be deleted while in status UPDATE_IN_PROGRESS$/,
  );
  expect((await settled(cloudformation, 'busy')).StackStatus).toBe('UPDATE_COMPLETE');
});

test('works on stacks side by side', async () => {
  const names = ['side-1', 'side-2', 'side-3'];
  for (const StackName of names) {
    await cloudformation.send(new CreateStackCommand({ StackName, TemplateBody: body(topics(40)) }));
  }
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({}));
  const running = Stacks.filter(({ StackName }) => names.includes(StackName ?? ''));
  expect(running.map(({ StackStatus }) => StackStatus)).toEqual(Array(3).fill('CREATE_IN_PROGRESS'));
  for (const name of names) expect((await settled(cloudformation, name)).StackStatus).toBe('CREATE_COMPLETE');
  const events = await lastEvents(cloudformation, 'side-1');
  expect(lines(events, 'side-1').filter((line) => line.endsWith('CREATE_COMPLETE'))).toHaveLength(40);
});

test('tells the events of a stack by operation, and only what failed when asked', async () => {
  await deploy(cloudformation, 'told', topics(1));
  await faults(fails('ssm', 'PutParameter'));
  const next = { Resources: { Topic0: topic('new'), Last: { ...parameter('/told'), DependsOn: 'Topic0' } } };
  await deploy(cloudformation, 'told', next, 'UPDATE');
  const { OperationEvents = [] } = await cloudformation.send(new DescribeEventsCommand({ StackName: 'told' }));
  const operations = new Map(
    OperationEvents.map((event) => [event.OperationId, `${event.OperationType} ${event.OperationStatus}`]),
  );
  expect([...operations.values()].reverse()).toEqual([
    'CREATE_CHANGESET SUCCEEDED',
    'CREATE_STACK SUCCEEDED',
    'UPDATE_STACK FAILED',
    'ROLLBACK SUCCEEDED',
  ]);
  const [OperationId] = [...operations].find(([, operation]) => operation.startsWith('UPDATE')) ?? [];
  const failed = await cloudformation.send(new DescribeEventsCommand({ OperationId, Filters: { FailedEvents: true } }));
  expect(failed.OperationEvents).toEqual([
    expect.objectContaining({ LogicalResourceId: 'Last', EventType: 'PROVISIONING_ERROR', OperationId }),
  ]);
  await expect(cloudformation.send(new DescribeEventsCommand({}))).rejects.toThrow('One of ChangeSetName');
});

test('fails to delete what something else needs, and deletes it when that is gone', async () => {
  const vpc = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.8.0.0/16' } };
  const stack = await deploy(cloudformation, 'needed', {
    Resources: { Vpc: vpc },
    Outputs: { Vpc: { Value: { Ref: 'Vpc' } } },
  });
  const ec2 = new EC2Client(emulator.client);
  const VpcId = outputsOf(stack).Vpc;
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.8.1.0/24' }));
  const kept = await destroy(cloudformation, 'needed');
  expect(kept.StackStatus).toBe('DELETE_FAILED');
  expect(kept.StackStatusReason).toBe('The following resource(s) failed to delete: [Vpc].');
  const { StackResources = [] } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName: 'needed' }));
  expect(StackResources[0]?.ResourceStatusReason).toContain('has dependencies and cannot be deleted');
  await ec2.send(new DeleteSubnetCommand({ SubnetId: Subnet?.SubnetId }));
  expect((await destroy(cloudformation, 'needed')).StackStatus).toBe('DELETE_COMPLETE');
});

test('fails without the capability that a template needs', async () => {
  const role = (properties: object) => ({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] }, ...properties },
      },
    },
  });
  const create = (template: Template, Capabilities?: Capability[]) => {
    const input = { StackName: 'capable', TemplateBody: body(template), Capabilities };
    return cloudformation.send(new CreateStackCommand(input));
  };
  await expect(create(role({}))).rejects.toThrow('Requires capabilities : [CAPABILITY_IAM]');
  const named = role({ RoleName: 'named' });
  await expect(create(named, ['CAPABILITY_IAM'])).rejects.toThrow('Requires capabilities : [CAPABILITY_NAMED_IAM]');
  await expect(describeStack(cloudformation, 'capable')).rejects.toThrow('does not exist');
});
