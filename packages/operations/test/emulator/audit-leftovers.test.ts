import { ACMClient } from '@aws-sdk/client-acm';
import { AutoScalingClient, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { BackupClient } from '@aws-sdk/client-backup';
import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AllocateAddressCommand,
  CreateLaunchTemplateCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  EC2Client,
  type ResourceType,
} from '@aws-sdk/client-ec2';
import { CreateFileSystemCommand, EFSClient } from '@aws-sdk/client-efs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateInstanceProfileCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { Route53Client } from '@aws-sdk/client-route-53';
import { CreateBucketCommand, PutBucketTaggingCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../../../emulator/test/support/start-test-emulator.js';
import { auditLeftovers } from '../../src/operations/audit-leftovers.js';
import type { LeftoverClients } from '../../src/operations/leftover-clients.js';

const Tags = [
  { Key: 'jenkins-aws:platform', Value: 'ci' },
  { Key: 'jenkins-aws:master', Value: 'main' },
];
const tagged = (ResourceType: ResourceType) => ({ TagSpecifications: [{ ResourceType, Tags }] });

let emulator: TestEmulator;
let clients: ReturnType<typeof clientsOf>;

function clientsOf({ client }: TestEmulator) {
  return {
    acm: new ACMClient(client),
    autoScaling: new AutoScalingClient(client),
    backup: new BackupClient(client),
    cloudFormation: new CloudFormationClient(client),
    cloudWatch: new CloudWatchClient(client),
    ec2: new EC2Client(client),
    efs: new EFSClient(client),
    iam: new IAMClient(client),
    loadBalancing: new ElasticLoadBalancingV2Client(client),
    logs: new CloudWatchLogsClient(client),
    route53: new Route53Client(client),
    s3: new S3Client({ ...client, forcePathStyle: true }),
    sns: new SNSClient(client),
    ssm: new SSMClient(client),
    tagging: new ResourceGroupsTaggingAPIClient(client),
  } satisfies LeftoverClients;
}

beforeAll(async () => {
  emulator = await startTestEmulator();
  clients = clientsOf(emulator);
});
afterAll(() => emulator?.stop());

const typesLeft = async (expectedStacks: string[] = []) => {
  const { leftovers, unchecked } = await auditLeftovers({ ...clients, platform: 'ci', expectedStacks });
  return { types: leftovers.map(({ type }) => type), leftovers, unasked: unchecked.map(({ what }) => what) };
};

async function deploy(StackName: string, Resources: object, tags: typeof Tags) {
  const TemplateBody = JSON.stringify({ Resources });
  await clients.cloudFormation.send(new CreateStackCommand({ StackName, Tags: tags, TemplateBody }));
  await waitUntilStackCreateComplete(
    { client: clients.cloudFormation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
    { StackName },
  );
}

describe('auditLeftovers', () => {
  it('finds nothing in an empty account, and asks every service', async () => {
    const { leftovers, unchecked, checked } = await auditLeftovers({ ...clients, platform: 'ci' });
    expect(leftovers).toEqual([]);
    expect(unchecked).toEqual([]);
    expect(checked).toContain('NAT gateways');
  });

  it('finds what carries the tag or the name and has no stack, with size and master, and nothing of others', async () => {
    const { autoScaling, cloudWatch, ec2, efs, iam, logs, s3, sns, ssm } = clients;
    await ec2.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16', ...tagged('vpc') }));
    await ec2.send(new CreateVpcCommand({ CidrBlock: '10.2.0.0/16' }));
    await ec2.send(
      new CreateVolumeCommand({ AvailabilityZone: 'eu-central-1a', Size: 30, VolumeType: 'gp3', ...tagged('volume') }),
    );
    await ec2.send(new AllocateAddressCommand(tagged('elastic-ip')));
    const { LaunchTemplate } = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'left',
        LaunchTemplateData: { InstanceType: 't3.micro' },
        ...tagged('launch-template'),
      }),
    );
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'left',
        MinSize: 0,
        MaxSize: 1,
        AvailabilityZones: ['eu-central-1a'],
        LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: '1' },
        Tags: Tags.map((tag) => ({ ...tag, PropagateAtLaunch: true })),
      }),
    );
    await efs.send(new CreateFileSystemCommand({ CreationToken: 'left', Tags }));
    await efs.send(new CreateFileSystemCommand({ CreationToken: 'of somebody else' }));
    const trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await iam.send(new CreateRoleCommand({ RoleName: 'jenkins-ci-main-role', AssumeRolePolicyDocument: trust, Tags }));
    await iam.send(new CreateRoleCommand({ RoleName: 'jenkins-ci-untagged', AssumeRolePolicyDocument: trust }));
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'jenkins-ci-main-profile' }));
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/jenkins-aws/ci/main' }));
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/jenkins-aws/ci2/main' }));
    await sns.send(new CreateTopicCommand({ Name: 'jenkins-ci-main-topic', Tags }));
    await ssm.send(new PutParameterCommand({ Name: '/jenkins-aws/ci/network/vpc-id', Value: 'x', Type: 'String' }));
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'jenkins-ci-main-controller-cpu',
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        MetricName: 'CPUUtilization',
        Namespace: 'AWS/EC2',
        Period: 60,
        Statistic: 'Average',
        Threshold: 1,
      }),
    );
    await s3.send(
      new CreateBucketCommand({
        Bucket: 'jenkins-ci-artifacts-left',
        CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      }),
    );
    await s3.send(new PutBucketTaggingCommand({ Bucket: 'jenkins-ci-artifacts-left', Tagging: { TagSet: Tags } }));

    await s3.send(new PutObjectCommand({ Bucket: 'jenkins-ci-artifacts-left', Key: 'a', Body: 'x'.repeat(1024) }));

    const { types, leftovers, unasked } = await typesLeft();
    expect(unasked).toEqual([]);
    expect(types).toEqual([
      'AWS::AutoScaling::AutoScalingGroup',
      'AWS::CloudWatch::Alarm',
      'AWS::EC2::EIP',
      'AWS::EC2::LaunchTemplate',
      'AWS::EC2::Volume',
      'AWS::EC2::VPC',
      'AWS::EFS::FileSystem',
      'AWS::IAM::InstanceProfile',
      'AWS::IAM::Role',
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
      'AWS::SNS::Topic',
      'AWS::SSM::Parameter',
    ]);
    expect(leftovers.find(({ type }) => type === 'AWS::EC2::Volume')).toMatchObject({
      master: 'main',
      sizeGiB: 30,
      properties: { VolumeType: 'gp3' },
      holdsData: false,
    });
    expect(leftovers.find(({ type }) => type === 'AWS::S3::Bucket')?.sizeGiB).toBe(1024 / 2 ** 30);
    const data = leftovers.filter(({ holdsData }) => holdsData).map(({ type }) => type);
    expect(data).toEqual(['AWS::EFS::FileSystem', 'AWS::S3::Bucket']);
  });

  it('leaves out what a live stack owns, and names a stack that should not be there', async () => {
    const before = (await typesLeft()).types;
    const StackName = 'jenkins-ci-network';
    const resources = {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.3.0.0/16' } },
      Address: { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc' } },
    };
    await deploy(StackName, resources, Tags);
    expect((await typesLeft([StackName])).types).toEqual(before);
    expect((await typesLeft()).types.sort()).toEqual([...before, 'AWS::CloudFormation::Stack'].sort());
  });

  it('names nothing of a live stack of another platform or a team, by tag or by the beginning of its name', async () => {
    const before = (await typesLeft(['jenkins-ci-network'])).types;
    const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'jenkins-ci-2-main-topic' } };
    const address = { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc' } };
    const alarm = {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        ...{ AlarmName: 'jenkins-ci-2-main-cpu', MetricName: 'CPUUtilization', Namespace: 'AWS/EC2', Threshold: 1 },
        ...{ ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, Period: 60, Statistic: 'Average' },
      },
    };
    await deploy('jenkins-ci-2-main', { topic, address, alarm }, [{ Key: 'jenkins-aws:platform', Value: 'ci-2' }]);
    // A team's own app that marks what it embeds, not its stack.
    await deploy('team', { address: { ...address, Properties: { ...address.Properties, Tags } } }, []);
    expect((await typesLeft(['jenkins-ci-network'])).types).toEqual(before);
  });

  it('relies on no filter of EC2', async () => {
    const other = [{ Key: 'jenkins-aws:platform', Value: 'ci-2' }];
    const answer = { Addresses: [{ PublicIp: '52.0.0.1', Tags: other }, { PublicIp: '52.0.0.2' }] };
    const ec2 = { send: () => Promise.resolve(answer) } as unknown as EC2Client;
    const { leftovers } = await auditLeftovers({ ...clients, ec2, platform: 'ci' });
    expect(leftovers.filter(({ type }) => type === 'AWS::EC2::EIP')).toEqual([]);
  });

  it('says which service refused instead of calling it empty', async () => {
    const refused = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    const backup = { send: () => Promise.reject(refused) } as unknown as BackupClient;
    const { unchecked, checked } = await auditLeftovers({ ...clients, backup, platform: 'ci' });
    expect(unchecked).toEqual([
      {
        what: 'backups of file systems',
        permissions: ['backup:ListRecoveryPointsByBackupVault', 'backup:ListTags'],
        reason: expect.stringMatching(/access denied/),
      },
    ]);
    expect(checked).not.toContain('backups of file systems');
  });
});
