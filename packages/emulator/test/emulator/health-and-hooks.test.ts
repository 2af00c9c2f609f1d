import {
  AutoScalingClient,
  type AutoScalingGroup,
  CompleteLifecycleActionCommand,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribeLifecycleHooksCommand,
  DescribeScalingActivitiesCommand,
  DetachInstancesCommand,
  PutLifecycleHookCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetDesiredCapacityCommand,
  SetInstanceProtectionCommand,
  StartInstanceRefreshCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateLaunchTemplateCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getTargetHealth, setTargetHealth } from '../../src/index.js';
import { controllerTemplate } from '../support/controller-template.js';
import { deploy, destroy, outputsOf } from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';
import { until } from '../support/until.js';

let emulator: TestEmulator;
let autoScaling: AutoScalingClient;
let ec2: EC2Client;
let cloudformation: CloudFormationClient;
let templateId: string | undefined;

beforeAll(async () => {
  emulator = await startTestEmulator();
  autoScaling = new AutoScalingClient(emulator.client);
  ec2 = new EC2Client(emulator.client);
  cloudformation = new CloudFormationClient(emulator.client);
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: 'plain', LaunchTemplateData: { InstanceType: 't3.small' } }),
  );
  templateId = LaunchTemplate?.LaunchTemplateId;
});
afterAll(() => emulator.stop());

async function group(name: string): Promise<AutoScalingGroup> {
  const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
  const { AutoScalingGroups = [] } = await autoScaling.send(command);
  if (AutoScalingGroups[0] === undefined) throw new TypeError(`no group ${name}`);
  return AutoScalingGroups[0];
}

const states = async (name: string) =>
  ((await group(name)).Instances ?? []).map(({ LifecycleState }) => LifecycleState as string);
const ids = async (name: string) => ((await group(name)).Instances ?? []).map(({ InstanceId = '' }) => InstanceId);
const inService = (name: string, count: number) =>
  until(
    () => states(name),
    (found) => found.length === count && found.every((state) => state === 'InService'),
  );

async function makeGroup(AutoScalingGroupName: string, size: number, more = {}): Promise<void> {
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName,
      MinSize: 0,
      MaxSize: 4,
      DesiredCapacity: size,
      VPCZoneIdentifier: 'subnet-00000001,subnet-00000002',
      LaunchTemplate: { LaunchTemplateId: templateId, Version: '$Latest' },
      ...more,
    }),
  );
}

const removeGroup = (AutoScalingGroupName: string) =>
  autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }));

async function isRunning(instanceId: string | undefined): Promise<boolean> {
  const command = new DescribeInstancesCommand({ InstanceIds: [instanceId ?? ''] });
  const { Reservations = [] } = await ec2.send(command);
  return Reservations[0]?.Instances?.[0]?.State?.Name === 'running';
}

test('follows an unhealthy target: its health, its alarm, its replacement', { timeout: 90_000 }, async () => {
  const template = controllerTemplate();
  template.Resources.Unhealthy = {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: 'unhealthy',
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'UnHealthyHostCount',
      Dimensions: [{ Name: 'TargetGroup', Value: { 'Fn::GetAtt': ['Targets', 'TargetGroupFullName'] } }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    },
  };
  // Health checks are not looked at before the grace period is over: here 5 minutes are 5 seconds.
  const { Group = '', Targets = '' } = outputsOf(await deploy(cloudformation, 'sick', template));
  const [old = ''] = await ids(Group);
  const alarm = async () => {
    const command = new DescribeAlarmsCommand({ AlarmNames: ['unhealthy'] });
    return (await new CloudWatchClient(emulator.client).send(command)).MetricAlarms?.[0]?.StateValue;
  };
  await until(alarm, (state) => state === 'OK');
  const after = await setTargetHealth({ ...emulator.location, target: old, health: 'unhealthy' });
  expect(after).toEqual([
    { target: old, targetGroupArn: Targets, health: 'unhealthy', reason: 'Target.FailedHealthChecks' },
  ]);
  await until(alarm, (state) => state === 'ALARM');
  const [replacement] = await until(
    () => ids(Group),
    ([id]) => id !== undefined && id !== old,
  );
  expect(await isRunning(old)).toBe(false);
  const { Activities = [] } = await autoScaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: Group }),
  );
  expect(Activities.find(({ Description }) => Description?.includes(old))?.Cause).toContain(
    'an instance was taken out of service in response to an ELB system health check failure.',
  );
  await until(
    () => getTargetHealth(emulator.location),
    ([target]) => target?.target === replacement && target?.health === 'healthy',
  );
  await until(alarm, (state) => state === 'OK');
  await destroy(cloudformation, 'sick');
});

test('replaces an instance whose status checks fail, and leaves one that heals in time', async () => {
  await makeGroup('status', 2, { HealthCheckGracePeriod: 1 });
  await inService('status', 2);
  const [sick = '', healing = ''] = await ids('status');
  await setTargetHealth({ ...emulator.location, target: sick, health: 'impaired' });
  await setTargetHealth({ ...emulator.location, target: healing, health: 'impaired' });
  const { InstanceStatuses = [] } = await ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [sick] }));
  expect(InstanceStatuses[0]?.InstanceStatus).toMatchObject({
    Status: 'impaired',
    Details: [{ Name: 'reachability', Status: 'failed' }],
  });
  expect(InstanceStatuses[0]?.SystemStatus?.Status).toBe('ok');
  await setTargetHealth({ ...emulator.location, target: healing, health: 'healthy' });
  await until(
    () => ids('status'),
    (found) => !found.includes(sick) && found.length === 2,
  );
  expect(await ids('status')).toContain(healing);
  await removeGroup('status');
});

test('fails to set the health of what is not there, or to a word that is none', async () => {
  const set = (target: string, health: string) =>
    setTargetHealth({ ...emulator.location, target, health: health as 'healthy' });
  await expect(set('i-0', 'unhealthy')).rejects.toMatchObject({
    code: 'EMULATOR_REFUSED',
    message: expect.stringContaining("no instance and no registered target is called 'i-0'"),
  });
  await expect(set('10.0.0.1', 'impaired')).rejects.toThrow('only an instance can be impaired');
  await expect(set('', 'ill')).rejects.toThrow(/target must be .*; health must be one of unhealthy, impaired, healthy/);
});

test('holds a launch at its hook until it is completed, and begins again when it is abandoned', async () => {
  await makeGroup('launching', 0);
  await autoScaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName: 'launching',
      LifecycleHookName: 'boot',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      HeartbeatTimeout: 3600,
      DefaultResult: 'ABANDON',
    }),
  );
  const { LifecycleHooks } = await autoScaling.send(
    new DescribeLifecycleHooksCommand({ AutoScalingGroupName: 'launching' }),
  );
  expect(LifecycleHooks).toMatchObject([{ LifecycleHookName: 'boot', HeartbeatTimeout: 3600, GlobalTimeout: 172800 }]);
  await autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: 'launching', DesiredCapacity: 1 }));
  const waiting = () =>
    until(
      () => states('launching'),
      ([state]) => state === 'Pending:Wait',
    );
  await waiting();
  const [first] = await ids('launching');
  expect(await isRunning(first)).toBe(true);
  const complete = (InstanceId: string | undefined, LifecycleActionResult: string) =>
    autoScaling.send(
      new CompleteLifecycleActionCommand({
        AutoScalingGroupName: 'launching',
        LifecycleHookName: 'boot',
        InstanceId,
        LifecycleActionResult,
      }),
    );
  await complete(first, 'ABANDON');
  await until(
    () => ids('launching'),
    ([id]) => id !== undefined && id !== first,
  );
  expect(await isRunning(first)).toBe(false);
  await waiting();
  const [second] = await ids('launching');
  await complete(second, 'CONTINUE');
  await inService('launching', 1);
  expect(await ids('launching')).toEqual([second]);
  await expect(complete(second, 'CONTINUE')).rejects.toThrow(
    `No active Lifecycle Action found with instance ID ${second}`,
  );
  await removeGroup('launching');
});

test('lets a time-out decide by the default result, and a heartbeat put it off', async () => {
  await makeGroup('timed', 1, {
    LifecycleHookSpecificationList: [
      {
        LifecycleHookName: 'boot',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        // 6 s here.
        HeartbeatTimeout: 360,
        DefaultResult: 'CONTINUE',
      },
    ],
  });
  const wait = await until(
    () => states('timed'),
    ([state]) => state === 'Pending:Wait',
  );
  expect(wait).toEqual(['Pending:Wait']);
  const began = performance.now();
  const [InstanceId] = await ids('timed');
  const beat = new RecordLifecycleActionHeartbeatCommand({
    AutoScalingGroupName: 'timed',
    LifecycleHookName: 'boot',
    InstanceId,
  });
  await new Promise((done) => setTimeout(done, 2000));
  await autoScaling.send(beat);
  await inService('timed', 1);
  expect(performance.now() - began).toBeGreaterThan(7500);
  await removeGroup('timed');
});

test('keeps an instance alive at its terminating hook, and has its replacement meanwhile', async () => {
  await makeGroup('ending', 1);
  await inService('ending', 1);
  await autoScaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName: 'ending',
      LifecycleHookName: 'drain',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      HeartbeatTimeout: 3600,
    }),
  );
  const [old] = await ids('ending');
  const { Activity } = await autoScaling.send(
    new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: old, ShouldDecrementDesiredCapacity: false }),
  );
  expect(Activity).toMatchObject({ StatusCode: 'InProgress', Description: `Terminating EC2 instance: ${old}` });
  await until(
    () => states('ending'),
    (found) => found.join() === 'Terminating:Wait,InService',
  );
  expect(await isRunning(old)).toBe(true);
  await autoScaling.send(
    new CompleteLifecycleActionCommand({
      AutoScalingGroupName: 'ending',
      LifecycleHookName: 'drain',
      InstanceId: old,
      LifecycleActionResult: 'CONTINUE',
    }),
  );
  await inService('ending', 1);
  expect(await isRunning(old)).toBe(false);
  await removeGroup('ending');
});

test('spares protected instances when it shrinks, and lets one leave alive', async () => {
  await makeGroup('protected', 2);
  await inService('protected', 2);
  const [first = '', second = ''] = await ids('protected');
  await autoScaling.send(
    new SetInstanceProtectionCommand({
      AutoScalingGroupName: 'protected',
      InstanceIds: [first],
      ProtectedFromScaleIn: true,
    }),
  );
  await autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: 'protected', DesiredCapacity: 0 }));
  await until(
    () => ids('protected'),
    (found) => found.length === 1,
  );
  expect(await ids('protected')).toEqual([first]);
  expect(await isRunning(second)).toBe(false);
  const detach = (InstanceId: string) =>
    autoScaling.send(
      new DetachInstancesCommand({
        AutoScalingGroupName: 'protected',
        InstanceIds: [InstanceId],
        ShouldDecrementDesiredCapacity: false,
      }),
    );
  await expect(detach('i-0')).rejects.toThrow('The instance i-0 is not part of Auto Scaling group protected.');
  const { Activities } = await detach(first);
  expect(Activities).toMatchObject([{ Description: `Detaching EC2 instance: ${first}`, StatusCode: 'Successful' }]);
  expect(await ids('protected')).toEqual([]);
  expect(await isRunning(first)).toBe(true);
  await removeGroup('protected');
});

test('fails to take an instance out of a group that may not become smaller', async () => {
  await makeGroup('small', 1, { MinSize: 1 });
  await inService('small', 1);
  const [InstanceId] = await ids('small');
  await expect(
    autoScaling.send(
      new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
    ),
  ).rejects.toThrow('Currently, desiredSize equals minSize (1).');
  await removeGroup('small');
});

test('refreshes every instance, with never fewer in service than asked for', { timeout: 60_000 }, async () => {
  await makeGroup('fresh', 2);
  await inService('fresh', 2);
  const old = await ids('fresh');
  const start = new StartInstanceRefreshCommand({
    AutoScalingGroupName: 'fresh',
    Preferences: { MinHealthyPercentage: 50 },
  });
  await autoScaling.send(start);
  await expect(autoScaling.send(start)).rejects.toMatchObject({ name: 'InstanceRefreshInProgressFault' });
  let fewest = 2;
  const { InstanceRefreshes } = await until(
    async () => {
      const working = (await states('fresh')).filter((state) => state === 'InService').length;
      fewest = Math.min(fewest, working);
      return autoScaling.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'fresh' }));
    },
    (found) => found.InstanceRefreshes?.[0]?.Status === 'Successful',
    40_000,
  );
  expect(InstanceRefreshes?.[0]).toMatchObject({ PercentageComplete: 100, InstancesToUpdate: 0 });
  expect(fewest).toBe(1);
  expect((await ids('fresh')).filter((id) => old.includes(id))).toEqual([]);
  await removeGroup('fresh');
});
