import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { DescribeParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { describeStack, settled, type Template } from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';
import { until } from '../support/until.js';

const ref = (Ref: string) => ({ Ref });
const BUCKET = 'kill-templates';
const topics = (count: number, text: string): Template => ({
  Resources: Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `Topic${at}`,
      { Type: 'AWS::SNS::Topic', Properties: { DisplayName: text } },
    ]),
  ),
});

/** Types of several services, a group that waits for its instances, a replacement and a removal on an update. */
function groupTemplate(text: string): Template {
  return {
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.9.0.0/16', Tags: [{ Key: 'Name', Value: text }] } },
      Subnet: {
        Type: 'AWS::EC2::Subnet',
        Properties: { VpcId: ref('Vpc'), CidrBlock: '10.9.1.0/24', AvailabilityZone: 'eu-central-1a' },
      },
      [`Group${text}`]: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: { GroupDescription: text, VpcId: ref('Vpc') },
      },
      Replaced: { Type: 'AWS::SSM::Parameter', Properties: { Name: `/kill/${text}`, Type: 'String', Value: text } },
      Launch: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateData: {
            ImageId: 'ami-0c2023a1b2c3d4e5f',
            InstanceType: text === 'old' ? 't3.large' : 't3.xlarge',
          },
        },
      },
      Group: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        CreationPolicy: { ResourceSignal: { Count: 1 } },
        UpdatePolicy: { AutoScalingRollingUpdate: { MaxBatchSize: 1, WaitOnResourceSignals: true } },
        Properties: {
          MinSize: '1',
          MaxSize: '1',
          VPCZoneIdentifier: [ref('Subnet')],
          LaunchTemplate: {
            LaunchTemplateId: ref('Launch'),
            Version: { 'Fn::GetAtt': ['Launch', 'LatestVersionNumber'] },
          },
        },
      },
    },
  };
}

const parent = (emulator: TestEmulator, key: string): Template => ({
  Resources: {
    Before: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: key } },
    Child: {
      Type: 'AWS::CloudFormation::Stack',
      DependsOn: 'Before',
      Properties: { TemplateURL: `${emulator.endpoint}/${BUCKET}/${key}` },
    },
    After: { Type: 'AWS::SNS::Topic', DependsOn: 'Child', Properties: { DisplayName: key } },
  },
});

const templatesOf = (emulator: TestEmulator, text: 'old' | 'new'): Record<string, Template> => ({
  many: topics(text === 'old' ? 40 : 30, text),
  group: groupTemplate(text),
  nested: parent(emulator, text),
});

async function putChildren(emulator: TestEmulator): Promise<void> {
  const s3 = new S3Client({ ...emulator.client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  for (const Key of ['old', 'new']) {
    const Body = JSON.stringify(topics(Key === 'old' ? 20 : 15, Key));
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  }
}

/** Every resource that is there, of the types above. */
async function present(emulator: TestEmulator): Promise<string[]> {
  const ec2 = new EC2Client(emulator.client);
  const { Topics = [] } = await new SNSClient(emulator.client).send(new ListTopicsCommand({}));
  const { Parameters = [] } = await new SSMClient(emulator.client).send(new DescribeParametersCommand({}));
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const ours = Vpcs.filter((vpc) => !vpc.IsDefault).map(({ VpcId }) => VpcId);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const { LaunchTemplates = [] } = await ec2.send(new DescribeLaunchTemplatesCommand({}));
  const { AutoScalingGroups = [] } = await new AutoScalingClient(emulator.client).send(
    new DescribeAutoScalingGroupsCommand({}),
  );
  return [
    ...Topics.map(({ TopicArn }) => TopicArn),
    ...Parameters.map(({ Name }) => Name).filter((name) => name?.startsWith('/kill/')),
    ...ours,
    ...Subnets.filter(({ VpcId }) => ours.includes(VpcId)).map(({ SubnetId }) => SubnetId),
    ...SecurityGroups.filter(({ VpcId, GroupName }) => ours.includes(VpcId) && GroupName !== 'default').map(
      ({ GroupId }) => GroupId,
    ),
    ...LaunchTemplates.map(({ LaunchTemplateId }) => LaunchTemplateId),
    ...AutoScalingGroups.map(({ AutoScalingGroupName }) => AutoScalingGroupName),
  ]
    .map(String)
    .sort();
}

/** Every resource that a stack says it has, the children's own included. */
async function recorded(cloudformation: CloudFormationClient, stacks: readonly Stack[]): Promise<string[]> {
  const found: string[] = [];
  for (const { StackName } of stacks) {
    const { StackResources = [] } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName }));
    for (const { ResourceType, PhysicalResourceId } of StackResources) {
      if (ResourceType !== 'AWS::CloudFormation::Stack') found.push(String(PhysicalResourceId));
    }
  }
  return found.sort();
}

async function allSettled(cloudformation: CloudFormationClient): Promise<Stack[]> {
  const { Stacks = [] } = await until(
    () => cloudformation.send(new DescribeStacksCommand({})),
    ({ Stacks: stacks = [] }) => stacks.every(({ StackStatus }) => !StackStatus?.endsWith('_IN_PROGRESS')),
    60_000,
  );
  return Stacks;
}

/** The same moments in every run (a linear congruential generator). */
function moments(seed: number, count: number, withinMs: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return Math.round((state / 2 ** 32) * withinMs);
  });
}

const killAfter = async (emulator: TestEmulator, ms: number): Promise<void> => {
  await new Promise((done) => setTimeout(done, ms));
  process.kill(emulator.pid, 'SIGKILL');
  await emulator.restart();
};

async function expectNothingLostOrDoubled(emulator: TestEmulator): Promise<Stack[]> {
  const cloudformation = new CloudFormationClient(emulator.client);
  const stacks = await allSettled(cloudformation);
  expect(await present(emulator)).toEqual(await recorded(cloudformation, stacks));
  return stacks;
}

test.each(moments(7, 6, 3500).map((ms) => [ms]))(
  'ends every creation when it is killed %i ms into parallel ones, with nothing lost or doubled',
  async (ms) => {
    let emulator = await startTestEmulator();
    try {
      await putChildren(emulator);
      const cloudformation = new CloudFormationClient(emulator.client);
      const begun = Object.entries(templatesOf(emulator, 'old')).map(async ([StackName, template]) => {
        const TemplateBody = JSON.stringify(template);
        const { StackId } = await cloudformation.send(new CreateStackCommand({ StackName, TemplateBody }));
        return StackId;
      });
      const ids = await Promise.all(begun);
      await killAfter(emulator, ms);
      emulator = await emulator.restart();
      const stacks = await expectNothingLostOrDoubled(emulator);
      expect(stacks.map(({ StackId }) => StackId)).toEqual(expect.arrayContaining(ids));
      for (const { StackName, StackStatus } of stacks) {
        expect([StackName, StackStatus]).toEqual([StackName, expect.stringMatching(/^(CREATE|ROLLBACK)_COMPLETE$/)]);
      }
    } finally {
      await emulator.stop();
    }
  },
);

test.each(moments(11, 6, 6000).map((ms) => [ms]))(
  'ends every update when it is killed %i ms into parallel ones, with nothing lost or doubled',
  async (ms) => {
    let emulator = await startTestEmulator();
    try {
      await putChildren(emulator);
      const cloudformation = new CloudFormationClient(emulator.client);
      const each = (text: 'old' | 'new') =>
        Object.entries(templatesOf(emulator, text)).map(([StackName, template]) => ({
          StackName,
          TemplateBody: JSON.stringify(template),
        }));
      await Promise.all(each('old').map((input) => cloudformation.send(new CreateStackCommand(input))));
      for (const { StackName } of each('old')) await settled(cloudformation, StackName);
      await Promise.all(each('new').map((input) => cloudformation.send(new UpdateStackCommand(input))));
      await killAfter(emulator, ms);
      emulator = await emulator.restart();
      const stacks = await expectNothingLostOrDoubled(emulator);
      for (const { StackName, StackStatus, ParentId } of stacks) {
        // A child may not have been reached.
        const ends = ParentId ? /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/ : /^(UPDATE|UPDATE_ROLLBACK)_COMPLETE$/;
        expect([StackName, StackStatus]).toEqual([StackName, expect.stringMatching(ends)]);
      }
      const updated = (name: string) =>
        stacks.find(({ StackName }) => StackName === name)?.StackStatus === 'UPDATE_COMPLETE';
      const { Reservations = [] } = await until(
        () => new EC2Client(emulator.client).send(new DescribeInstancesCommand({})),
        ({ Reservations: all = [] }) =>
          all.flatMap(({ Instances = [] }) => Instances).filter(({ State }) => State?.Name === 'running').length === 1,
      );
      const running = Reservations.flatMap(({ Instances = [] }) => Instances).filter(
        ({ State }) => State?.Name === 'running',
      );
      expect(running[0]?.InstanceType).toBe(updated('group') ? 't3.xlarge' : 't3.large');
    } finally {
      await emulator.stop();
    }
  },
);

test('has saved whatever it answered', async () => {
  let emulator = await startTestEmulator();
  try {
    for (let round = 0; round < 3; round++) {
      const ssm = new SSMClient(emulator.client);
      const Name = `/answered/${round}`;
      await ssm.send(new PutParameterCommand({ Name, Type: 'String', Value: 'x' }));
      const cloudformation = new CloudFormationClient(emulator.client);
      const StackName = `answered-${round}`;
      const TemplateBody = JSON.stringify(topics(3, 'x'));
      await cloudformation.send(new CreateStackCommand({ StackName, TemplateBody }));
      await settled(cloudformation, StackName);
      process.kill(emulator.pid, 'SIGKILL');
      emulator = await emulator.restart();
      expect((await describeStack(new CloudFormationClient(emulator.client), StackName)).StackStatus).toBe(
        'CREATE_COMPLETE',
      );
      const { Parameters = [] } = await new SSMClient(emulator.client).send(new DescribeParametersCommand({}));
      expect(Parameters.map((parameter) => parameter.Name)).toContain(Name);
    }
  } finally {
    await emulator.stop();
  }
});
