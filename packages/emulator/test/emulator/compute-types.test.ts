import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  AttachVolumeCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeVolumesCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deploy, destroy, lastEvents, type Template } from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

let emulator: TestEmulator;
let cloudformation: CloudFormationClient;
let ec2: EC2Client;

beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
  ec2 = new EC2Client(emulator.client);
});
afterAll(() => emulator.stop());

const STACK = 'compute';
const of = (Type: string, Properties: object) => ({ Type, Properties });
const ref = (Ref: string) => ({ Ref });

function template(word: 'before' | 'after', zone = 'eu-central-1b'): Template {
  const isAfter = word === 'after';
  const alarm = {
    AlarmName: 'part',
    Namespace: 'a',
    MetricName: 'a',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
  };
  return {
    Resources: {
      Instance: of('AWS::EC2::Instance', {
        ImageId: 'ami-00000000',
        InstanceType: isAfter ? 't3.large' : 't3.small',
        SubnetId: 'subnet-00000002',
        Tags: [{ Key: 'word', Value: word }],
      }),
      Volume: of('AWS::EC2::Volume', {
        AvailabilityZone: zone,
        Size: isAfter ? 20 : 10,
        VolumeType: 'gp3',
        Encrypted: true,
      }),
      Attachment: of('AWS::EC2::VolumeAttachment', {
        InstanceId: ref('Instance'),
        VolumeId: ref('Volume'),
        Device: '/dev/sdf',
      }),
      Flow: of('AWS::EC2::FlowLog', {
        ResourceType: 'VPC',
        ResourceId: 'vpc-00000001',
        TrafficType: 'REJECT',
        LogGroupName: 'flow',
        Tags: [{ Key: 'word', Value: word }],
      }),
      Acl: of('AWS::EC2::NetworkAcl', { VpcId: 'vpc-00000001' }),
      Entry: of('AWS::EC2::NetworkAclEntry', {
        NetworkAclId: ref('Acl'),
        RuleNumber: 10,
        Protocol: -1,
        RuleAction: isAfter ? 'deny' : 'allow',
        CidrBlock: '10.0.0.0/8',
      }),
      Part: of('AWS::CloudWatch::Alarm', alarm),
      Whole: {
        ...of('AWS::CloudWatch::CompositeAlarm', {
          AlarmName: 'whole',
          AlarmRule: `${isAfter ? 'OK' : 'ALARM'}(part)`,
        }),
        DependsOn: 'Part',
      },
    },
  };
}

async function physicalIds(): Promise<Record<string, string>> {
  const { StackResources = [] } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName: STACK }));
  return Object.fromEntries(StackResources.map((r) => [r.LogicalResourceId ?? '', r.PhysicalResourceId ?? '']));
}

const volume = async (id = '') =>
  (await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: 'volume-id', Values: [id] }] }))).Volumes?.[0];
const instance = async (id = '') =>
  (await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations?.[0]?.Instances?.[0];
const rule = async () =>
  (await new CloudWatchClient(emulator.client).send(new DescribeAlarmsCommand({ AlarmTypes: ['CompositeAlarm'] })))
    .CompositeAlarms?.[0]?.AlarmRule;

test('makes, changes in place and deletes an instance with its volume, and what is around it', async () => {
  expect((await deploy(cloudformation, STACK, template('before'))).StackStatus).toBe('CREATE_COMPLETE');
  const made = await physicalIds();
  expect(await instance(made.Instance)).toMatchObject({
    State: { Name: 'running' },
    Placement: { AvailabilityZone: 'eu-central-1b' },
    SubnetId: 'subnet-00000002',
  });
  expect(await volume(made.Volume)).toMatchObject({
    Size: 10,
    State: 'in-use',
    Encrypted: true,
    Attachments: [{ InstanceId: made.Instance, Device: '/dev/sdf', DeleteOnTermination: false }],
  });
  expect(await rule()).toBe('ALARM(part)');

  expect((await deploy(cloudformation, STACK, template('after'), 'UPDATE')).StackStatus).toBe('UPDATE_COMPLETE');
  expect(await physicalIds()).toEqual(made);
  const changed = await instance(made.Instance);
  expect(changed?.InstanceType).toBe('t3.large');
  expect(changed?.Tags).toContainEqual({ Key: 'word', Value: 'after' });
  expect(await volume(made.Volume)).toMatchObject({ Size: 20, State: 'in-use' });
  const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [made.Acl ?? ''] }));
  expect(NetworkAcls?.[0]?.Entries?.find(({ RuleNumber }) => RuleNumber === 10)?.RuleAction).toBe('deny');
  expect(await rule()).toBe('OK(part)');

  expect((await destroy(cloudformation, STACK)).StackStatus).toBe('DELETE_COMPLETE');
  expect(await volume(made.Volume)).toBeUndefined();
  expect((await instance(made.Instance))?.State?.Name).toBe('terminated');
});

test('fails to attach a volume of another zone, or one that another instance has', async () => {
  const stack = await deploy(cloudformation, STACK, template('before', 'eu-central-1a'));
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  const failed = (await lastEvents(cloudformation, STACK)).find((event) => event.ResourceStatus === 'CREATE_FAILED');
  expect(failed).toMatchObject({
    LogicalResourceId: 'Attachment',
    ResourceStatusReason: expect.stringMatching(
      /The volume 'vol-\w+' is not in the same availability zone as instance/,
    ),
  });
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({ MinCount: 2, MaxCount: 2, SubnetId: 'subnet-00000001', ImageId: 'ami-1' }),
  );
  const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'eu-central-1a', Size: 1 }));
  const attach = (index: number) =>
    ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: Instances[index]?.InstanceId, Device: '/dev/sdf' }));
  await attach(0);
  await expect(attach(1)).rejects.toMatchObject({ name: 'VolumeInUse' });
});
