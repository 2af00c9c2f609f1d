import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Instance,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { controllerTemplate } from '../support/controller-template.js';
import { createChangeSet, deploy, destroy, lastEvents, lines, outputsOf } from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';
import { until } from '../support/until.js';

const STACK = 'controller';
let emulator: TestEmulator;
let cloudformation: CloudFormationClient;
let ec2: EC2Client;
let outputs: Record<string, string>;

beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
  ec2 = new EC2Client(emulator.client);
});
afterAll(() => emulator.stop());

async function group() {
  const client = new AutoScalingClient(emulator.client);
  const { AutoScalingGroups = [] } = await client.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [outputs.Group ?? ''] }),
  );
  return AutoScalingGroups[0];
}

async function instance(id: string | undefined): Promise<Instance | undefined> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id ?? ''] }));
  return Reservations[0]?.Instances?.[0];
}

async function targetStates(): Promise<string[]> {
  const { TargetHealthDescriptions = [] } = await new ElasticLoadBalancingV2Client(emulator.client).send(
    new DescribeTargetHealthCommand({ TargetGroupArn: outputs.Targets }),
  );
  return TargetHealthDescriptions.map((target) => `${target.Target?.Id} ${target.TargetHealth?.State}`);
}

test('creates a whole controller stack and waits for its instance', async () => {
  const stack = await deploy(cloudformation, STACK, controllerTemplate());
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  outputs = outputsOf(stack);
  const member = (await group())?.Instances?.[0];
  expect(member?.LifecycleState).toBe('InService');
  expect(await targetStates()).toEqual([`${member?.InstanceId} healthy`]);
  const events = await lastEvents(cloudformation, STACK);
  expect(events.map((event) => event.ResourceStatusReason)).toContain(
    `Received SUCCESS signal with UniqueId ${member?.InstanceId}`,
  );
});

test('launches the instance as its template, group and subnet say', async () => {
  const found = await group();
  expect(found?.TargetGroupARNs).toEqual([outputs.Targets]);
  expect(found?.InstanceMaintenancePolicy).toEqual({ MinHealthyPercentage: 0, MaxHealthyPercentage: 100 });
  const member = found?.Instances?.[0];
  const launched = await instance(member?.InstanceId);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [launched?.SubnetId ?? ''] }));
  const [subnet] = Subnets;
  expect(found?.VPCZoneIdentifier?.split(',')).toContain(launched?.SubnetId);
  expect(launched?.Placement?.AvailabilityZone).toBe(subnet?.AvailabilityZone);
  expect(member?.AvailabilityZone).toBe(subnet?.AvailabilityZone);
  expect(launched?.PrivateIpAddress?.split('.').slice(0, 3)).toEqual(subnet?.CidrBlock?.split('.').slice(0, 3));
  expect(launched?.PublicIpAddress).toBeUndefined();
  expect(launched?.VpcId).toBe(outputs.Vpc);
  expect(launched?.ImageId).toMatch(/^ami-/);
  expect(launched?.InstanceType).toBe('t3.large');
  expect(launched?.IamInstanceProfile?.Arn).toContain(':instance-profile/');
  expect(launched?.SecurityGroups?.map(({ GroupId }) => GroupId)).toEqual([outputs.ControllerGroup]);
  expect(launched?.LaunchTime).toBeInstanceOf(Date);
  const tags = Object.fromEntries((launched?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
  expect(tags).toMatchObject({ Name: 'controller', 'aws:autoscaling:groupName': outputs.Group });
  expect(tags).not.toHaveProperty('group-only');
  const { Volumes = [] } = await ec2.send(
    new DescribeVolumesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [launched?.InstanceId ?? ''] }],
    }),
  );
  expect(Volumes).toMatchObject([{ Size: 20, VolumeType: 'gp3', Encrypted: true, State: 'in-use' }]);
});

test('makes the network types that a controller needs', async () => {
  const { NatGateways = [] } = await ec2.send(
    new DescribeNatGatewaysCommand({ Filter: [{ Name: 'vpc-id', Values: [outputs.Vpc ?? ''] }] }),
  );
  expect(NatGateways).toMatchObject([{ State: 'available', NatGatewayAddresses: [{ PublicIp: expect.any(String) }] }]);
  const { SecurityGroups = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ GroupIds: [outputs.ControllerGroup ?? ''] }),
  );
  expect(SecurityGroups[0]?.IpPermissions).toMatchObject([
    { FromPort: 8080, UserIdGroupPairs: [{ GroupId: outputs.BalancerGroup, Description: 'web' }] },
  ]);
});

test('settles an alarm without data', async () => {
  const alarm = await until(
    async () => {
      const { MetricAlarms = [] } = await new CloudWatchClient(emulator.client).send(
        new DescribeAlarmsCommand({ AlarmNames: [outputs.Alarm ?? ''] }),
      );
      return MetricAlarms[0];
    },
    (found) => found?.StateValue === 'OK',
  );
  expect(alarm?.Threshold).toBe(80);
});

test('says in a change set that nothing changed', async () => {
  const changeSet = await createChangeSet(cloudformation, STACK, controllerTemplate(), 'UPDATE');
  expect(changeSet.Status).toBe('FAILED');
  expect(changeSet.StatusReason).toBe(
    "The submitted information didn't contain changes. Submit different information to create a change set.",
  );
});

test('changes one alarm and nothing else', async () => {
  const template = controllerTemplate({ threshold: 90 });
  const changeSet = await createChangeSet(cloudformation, STACK, template, 'UPDATE');
  expect(changeSet.Changes?.map((change) => change.ResourceChange)).toMatchObject([
    {
      Action: 'Modify',
      LogicalResourceId: 'Alarm',
      Replacement: 'False',
      Scope: ['Properties'],
      Details: [{ Target: { Attribute: 'Properties', Name: 'Threshold', RequiresRecreation: 'Never' } }],
    },
  ]);
  const before = (await group())?.Instances?.[0]?.InstanceId;
  const stack = await deploy(cloudformation, STACK, template, 'UPDATE');
  expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
  expect(lines(await lastEvents(cloudformation, STACK), STACK)).toEqual([
    'Alarm UPDATE_IN_PROGRESS',
    'Alarm UPDATE_COMPLETE',
  ]);
  expect((await group())?.Instances?.[0]?.InstanceId).toBe(before);
});

test('shows a terminated instance gone, then replaced, then healthy', async () => {
  const old = (await group())?.Instances?.[0]?.InstanceId;
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [old ?? ''] }));
  const empty = await until(group, (found) => found?.Instances?.length === 0, 3000);
  expect(empty?.DesiredCapacity).toBe(1);
  expect(await targetStates()).toEqual([]);
  const pending = await until(group, (found) => found?.Instances?.[0]?.LifecycleState === 'Pending');
  const replacement = pending?.Instances?.[0]?.InstanceId;
  expect(replacement).not.toBe(old);
  expect((await instance(replacement))?.State?.Name).toBe('pending');
  expect(await until(targetStates, (states) => states.length > 0)).toEqual([`${replacement} initial`]);
  expect(await until(targetStates, ([state]) => state?.endsWith(' healthy') ?? false)).toEqual([
    `${replacement} healthy`,
  ]);
  expect((await instance(replacement))?.State?.Name).toBe('running');
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
  expect(Volumes.map((volume) => volume.Attachments?.[0]?.InstanceId)).toEqual([replacement]);
  const { Activities = [] } = await new AutoScalingClient(emulator.client).send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: outputs.Group }),
  );
  expect(Activities.slice(0, 2).map((activity) => [activity.Description, activity.StatusCode])).toEqual([
    [`Launching a new EC2 instance: ${replacement}`, 'Successful'],
    [`Terminating EC2 instance: ${old}`, 'Successful'],
  ]);
});

test('replaces the instance stop-before-start when the launch template changes', async () => {
  const old = (await group())?.Instances?.[0]?.InstanceId;
  const template = controllerTemplate({ threshold: 90, instanceType: 't3.xlarge' });
  const changeSet = await createChangeSet(cloudformation, STACK, template, 'UPDATE');
  expect(
    changeSet.Changes?.map(({ ResourceChange: c }) => [c?.LogicalResourceId, c?.Action, c?.Replacement]).slice(0, 3),
  ).toContainEqual(['LaunchTemplate', 'Modify', 'False']);
  let most = 0;
  let watching = true;
  const watch = (async () => {
    while (watching) {
      most = Math.max(most, (await group())?.Instances?.length ?? 0);
    }
  })();
  const stack = await deploy(cloudformation, STACK, template, 'UPDATE');
  watching = false;
  await watch;
  expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
  expect(most).toBe(1);
  const replacement = (await group())?.Instances?.[0];
  expect(replacement?.InstanceId).not.toBe(old);
  expect(replacement?.LaunchTemplate?.Version).toBe('2');
  expect((await instance(replacement?.InstanceId))?.InstanceType).toBe('t3.xlarge');
  const events = await lastEvents(cloudformation, STACK);
  expect(events.map((event) => event.ResourceStatusReason)).toContain(
    `Terminating instance(s) [${old}]; replacing with 1 new instance(s).`,
  );
  expect(new Set(events.map((event) => event.LogicalResourceId))).toEqual(new Set([STACK, 'LaunchTemplate', 'Group']));
});

test('starts the new instance before the old one stops where none can be spared', async () => {
  const template = controllerTemplate({ threshold: 90, instanceType: 't3.2xlarge' });
  const rolling = template.Resources.Group as { UpdatePolicy: object; Properties: object };
  rolling.UpdatePolicy = { AutoScalingRollingUpdate: { MinInstancesInService: 1, MaxBatchSize: 1 } };
  rolling.Properties = { ...rolling.Properties, MaxSize: '2' };
  const old = (await group())?.Instances?.[0]?.InstanceId;
  const updating = deploy(cloudformation, STACK, template, 'UPDATE');
  const both = await until(group, (found) => found?.Instances?.length === 2);
  expect(both?.Instances?.map((member) => member.InstanceId)).toContain(old);
  expect((await updating).StackStatus).toBe('UPDATE_COMPLETE');
  const [replacement, ...others] = (await group())?.Instances ?? [];
  expect(others).toEqual([]);
  expect((await instance(replacement?.InstanceId))?.InstanceType).toBe('t3.2xlarge');
});

test('sends the group back when its new instance cannot launch', async () => {
  const template = controllerTemplate({ threshold: 90, instanceType: 't3.xlarge' });
  template.Resources.LaunchTemplate = {
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: { LaunchTemplateData: { IamInstanceProfile: { Name: 'no-such-profile' } } },
  };
  const stack = await deploy(cloudformation, STACK, template, 'UPDATE');
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const failure = (await lastEvents(cloudformation, STACK)).find((event) => event.ResourceStatus === 'UPDATE_FAILED');
  expect(failure).toMatchObject({
    LogicalResourceId: 'Group',
    ResourceStatusReason: expect.stringMatching(/no-such-profile.*Launching EC2 instance failed/),
  });
  const found = await until(group, (now) => now?.Instances?.[0]?.LifecycleState === 'InService', 30_000);
  expect((await instance(found?.Instances?.[0]?.InstanceId))?.InstanceType).toBe('t3.2xlarge');
});

test('destroys everything but what is retained', async () => {
  const stack = await destroy(cloudformation, STACK);
  expect(stack.StackStatus).toBe('DELETE_COMPLETE');
  const { FileSystems = [] } = await new EFSClient(emulator.client).send(new DescribeFileSystemsCommand({}));
  expect(FileSystems.map((fileSystem) => fileSystem.FileSystemId)).toEqual([outputs.Home]);
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  expect(Vpcs.map((vpc) => vpc.IsDefault)).toEqual([true]);
  expect(await group()).toBeUndefined();
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: ['running', 'pending'] }] }),
  );
  expect(Reservations).toEqual([]);
});
