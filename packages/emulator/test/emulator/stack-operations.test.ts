import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeImagesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createChangeSet,
  deploy,
  describeStack,
  destroy,
  lastEvents,
  lines,
  outputsOf,
  type Template,
} from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

let emulator: TestEmulator;
let cloudformation: CloudFormationClient;

beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
});
afterAll(() => emulator.stop());

const topic = (DisplayName: string) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
function subnet(CidrBlock: string, zone: number) {
  return {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock, AvailabilityZone: { 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] } },
  };
}
const broken = {
  Type: 'AWS::EFS::MountTarget',
  DependsOn: 'Topic',
  Properties: { FileSystemId: 'fs-00000000000000000', SubnetId: 'subnet-00000001', SecurityGroups: [] },
};

test('rolls a failed creation back and says why in a sentence', async () => {
  const stack = await deploy(cloudformation, 'failing', { Resources: { Topic: topic('one'), Broken: broken } });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(stack.StackStatusReason).toBe(
    'The following resource(s) failed to create: [Broken]. Rollback requested by user.',
  );
  const events = await lastEvents(cloudformation, 'failing');
  const failure = events.find((event) => event.ResourceStatus === 'CREATE_FAILED');
  expect(failure?.ResourceStatusReason).toContain('fs-00000000000000000');
  expect(failure?.ResourceStatusReason).not.toMatch(/b['"]|\{|<Error>/);
  expect(lines(events, 'failing').slice(-2)).toEqual(['Topic DELETE_IN_PROGRESS', 'Topic DELETE_COMPLETE']);
  expect((await destroy(cloudformation, 'failing')).StackStatus).toBe('DELETE_COMPLETE');
});

test('rolls a failed update back to what was', async () => {
  await deploy(cloudformation, 'updating', { Resources: { Topic: topic('one') } });
  const next = { Resources: { Topic: topic('two'), Broken: broken } };
  const stack = await deploy(cloudformation, 'updating', next, 'UPDATE');
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.StackStatusReason).toContain('The following resource(s) failed to create: [Broken].');
  const told = lines(await lastEvents(cloudformation, 'updating'), 'updating');
  expect(told).toContain('Broken CREATE_FAILED');
  expect(told.filter((line) => line.startsWith('Topic'))).toEqual([
    'Topic UPDATE_IN_PROGRESS',
    'Topic UPDATE_COMPLETE',
    'Topic UPDATE_IN_PROGRESS',
    'Topic UPDATE_COMPLETE',
  ]);
});

test('reports what an update adds, changes, replaces and removes as what it is', async () => {
  const parameter = (Name: string) => ({
    Type: 'AWS::SSM::Parameter',
    Properties: { Name, Type: 'String', Value: 'x' },
  });
  const before = { Resources: { Same: topic('same'), Gone: topic('gone'), Renamed: parameter('/first') } };
  const after = { Resources: { Same: topic('same'), New: topic('new'), Renamed: parameter('/second') } };
  await deploy(cloudformation, 'mixed', before);
  const { Changes = [] } = await createChangeSet(cloudformation, 'mixed', after, 'UPDATE');
  expect(Changes.map(({ ResourceChange: c }) => [c?.LogicalResourceId, c?.Action, c?.Replacement])).toEqual([
    ['Gone', 'Remove', undefined],
    ['New', 'Add', undefined],
    ['Renamed', 'Modify', 'True'],
  ]);
  const stack = await deploy(cloudformation, 'mixed', after, 'UPDATE');
  expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
  const told = await lastEvents(cloudformation, 'mixed');
  expect(lines(told, 'mixed').sort()).toEqual([
    'Gone DELETE_COMPLETE',
    'Gone DELETE_IN_PROGRESS',
    'New CREATE_COMPLETE',
    'New CREATE_IN_PROGRESS',
    'Renamed DELETE_COMPLETE',
    'Renamed DELETE_IN_PROGRESS',
    'Renamed UPDATE_COMPLETE',
    'Renamed UPDATE_IN_PROGRESS',
  ]);
  expect(told.filter((e) => e.LogicalResourceId === 'mixed').map((e) => e.ResourceStatus)).toEqual([
    'UPDATE_IN_PROGRESS',
    'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'UPDATE_COMPLETE',
  ]);
  const { StackResources = [] } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName: 'mixed' }));
  expect(StackResources.map((r) => `${r.LogicalResourceId} ${r.ResourceStatus}`).sort()).toEqual([
    'New CREATE_COMPLETE',
    'Renamed UPDATE_COMPLETE',
    'Same CREATE_COMPLETE',
  ]);
});

test('keeps what is retained and says so', async () => {
  const kept = { Type: 'AWS::EFS::FileSystem', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
  await deploy(cloudformation, 'keeping', { Resources: { Kept: kept, Topic: topic('one') } });
  const { StackId = '' } = await describeStack(cloudformation, 'keeping');
  expect((await destroy(cloudformation, 'keeping')).StackStatus).toBe('DELETE_COMPLETE');
  const { StackEvents = [] } = await cloudformation.send(new DescribeStackEventsCommand({ StackName: StackId }));
  expect(StackEvents.map((e) => `${e.LogicalResourceId} ${e.ResourceStatus}`)).toContain('Kept DELETE_SKIPPED');
});

test('fails to delete a stack under termination protection', async () => {
  await deploy(cloudformation, 'protected', { Resources: { Topic: topic('one') } });
  const protect = (EnableTerminationProtection: boolean) =>
    cloudformation.send(
      new UpdateTerminationProtectionCommand({ StackName: 'protected', EnableTerminationProtection }),
    );
  await protect(true);
  await expect(cloudformation.send(new DeleteStackCommand({ StackName: 'protected' }))).rejects.toThrow(
    /TerminationProtection is enabled/,
  );
  expect((await describeStack(cloudformation, 'protected')).EnableTerminationProtection).toBe(true);
  await protect(false);
  expect((await destroy(cloudformation, 'protected')).StackStatus).toBe('DELETE_COMPLETE');
});

test('fails to accept a type that it does not know, before anything is made', async () => {
  const TemplateBody = JSON.stringify({ Resources: { Topic: topic('one'), Odd: { Type: 'AWS::Odd::Thing' } } });
  await expect(cloudformation.send(new CreateStackCommand({ StackName: 'odd', TemplateBody }))).rejects.toThrow(
    'Template format error: Unrecognized resource types: [AWS::Odd::Thing]',
  );
  await expect(cloudformation.send(new ValidateTemplateCommand({ TemplateBody }))).rejects.toThrow('AWS::Odd::Thing');
  await expect(describeStack(cloudformation, 'odd')).rejects.toThrow('Stack with id odd does not exist');
});

test.each([
  ['codepipeline', 'application/x-amz-json-1.1'],
  ['redshift', 'application/x-www-form-urlencoded'],
])('fails to answer for %s in words that an SDK can read', async (service, type) => {
  const headers = {
    'content-type': type,
    authorization: `AWS4-HMAC-SHA256 Credential=emulator/20260101/eu-central-1/${service}/aws4_request`,
  };
  const answer = await fetch(emulator.endpoint, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain(`the emulator has no ${service}; this needs an AWS account.`);
});

test.each<[string, string, Record<string, object>]>([
  ['a subnet outside its VPC', "'10.6.0.0/24' is invalid", { Subnet: subnet('10.6.0.0/24', 0) }],
  ['a subnet too small', "'10.5.0.0/29' is invalid", { Subnet: subnet('10.5.0.0/29', 0) }],
  [
    'overlapping subnets',
    'conflicts with another subnet',
    { Subnet: subnet('10.5.0.0/24', 0), Other: { ...subnet('10.5.0.128/25', 1), DependsOn: 'Subnet' } },
  ],
  [
    'a security group in a VPC that is not there',
    "The vpc ID 'vpc-0' does not exist",
    { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'x', VpcId: 'vpc-0' } } },
  ],
  [
    'a rule for a security group that is not there',
    "The security group 'sg-0' does not exist",
    {
      Rule: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: 'sg-0', IpProtocol: '-1', CidrIp: '10.0.0.0/8' },
      },
    },
  ],
  [
    'a NAT gateway without an address',
    'does not exist',
    {
      Subnet: subnet('10.5.0.0/24', 0),
      Nat: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: { Ref: 'Subnet' }, AllocationId: 'eipalloc-0' } },
    },
  ],
  [
    'a balancer in one zone',
    'two different Availability Zones',
    {
      Subnet: subnet('10.5.0.0/24', 0),
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Subnets: [{ Ref: 'Subnet' }] } },
    },
  ],
  [
    'a group whose launch template is not there',
    'lt-0',
    {
      Group: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          MinSize: '0',
          MaxSize: '1',
          AvailabilityZones: ['eu-central-1a'],
          LaunchTemplate: { LaunchTemplateId: 'lt-0', Version: '1' },
        },
      },
    },
  ],
])('fails at %s', async (what, reason, resources) => {
  const stackName = `wrong-${what.replaceAll(' ', '-')}`;
  const vpc = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.5.0.0/16' } };
  const stack = await deploy(cloudformation, stackName, { Resources: { Vpc: vpc, ...resources } });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  const failure = (await lastEvents(cloudformation, stackName)).find((e) => e.ResourceStatus === 'CREATE_FAILED');
  expect(failure?.ResourceStatusReason).toContain(reason);
});

const lookup = (type: string, Default: string): Template => ({
  Parameters: { Found: { Type: type, Default } },
  Resources: { Topic: topic('one') },
  Outputs: {
    Found: { Value: type.includes('List<') ? { 'Fn::Join': [' ', { Ref: 'Found' }] } : { Ref: 'Found' } },
  },
});

test.each([
  ['AWS::SSM::Parameter::Value<String>', 'text', 'text'],
  ['AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>', 'vpc-00000001', 'vpc-00000001'],
  ['AWS::SSM::Parameter::Value<AWS::EC2::Subnet::Id>', 'subnet-00000001', 'subnet-00000001'],
  [
    'AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>',
    'subnet-00000001,subnet-00000002',
    'subnet-00000001 subnet-00000002',
  ],
  ['AWS::SSM::Parameter::Value<List<String>>', 'one,two', 'one two'],
])('resolves %s at every operation', async (type, value, expected) => {
  const ssm = new SSMClient(emulator.client);
  const stackName = `lookup-${type.replace(/[^A-Za-z]/g, '')}`;
  const name = `/lookup/${stackName}`;
  const put = (Value: string) =>
    ssm.send(
      new PutParameterCommand({
        Name: name,
        Value,
        Type: type.includes('List<') ? 'StringList' : 'String',
        Overwrite: true,
      }),
    );
  await put(value);
  const template = lookup(type, name);
  expect(outputsOf(await deploy(cloudformation, stackName, template)).Found).toBe(expected);
  await put(value.replace(/1|text|one/, '3'));
  const moved = { ...template, Resources: { Topic: topic('two') } };
  const previous = [{ ParameterKey: 'Found', UsePreviousValue: true }];
  const updated = await deploy(cloudformation, stackName, moved, 'UPDATE', previous);
  expect(outputsOf(updated).Found).toBe(expected.replace(/1|text|one/, '3'));
});

test.each(['us-east-1', 'eu-west-3', 'ap-southeast-2'])('knows the public image parameters in %s', async (region) => {
  const ssm = new SSMClient({ ...emulator.client, region });
  const ec2 = new EC2Client({ ...emulator.client, region });
  for (const kernel of ['default', '6.1']) {
    for (const architecture of ['x86_64', 'arm64']) {
      const Name = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-${kernel}-${architecture}`;
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
      const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [Parameter?.Value ?? ''] }));
      expect(Images[0]?.Architecture).toBe(architecture);
    }
  }
});

test('tells the name of an SSM parameter that a stack read, and the value beside it', async () => {
  const ssm = new SSMClient(emulator.client);
  await ssm.send(new PutParameterCommand({ Name: '/read/by/a/stack', Type: 'String', Value: 'one' }));
  const Parameters = {
    Read: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/read/by/a/stack' },
    Plain: { Type: 'String', Default: 'plain' },
  };
  const stack = await deploy(cloudformation, 'reading', { Parameters, Resources: { Topic: topic('one') } });
  expect(stack.Parameters).toEqual([
    { ParameterKey: 'Read', ParameterValue: '/read/by/a/stack', ResolvedValue: 'one' },
    { ParameterKey: 'Plain', ParameterValue: 'plain' },
  ]);
});
