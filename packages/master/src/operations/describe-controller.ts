import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EFSClient } from '@aws-sdk/client-efs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { BOOT_TIMEOUT_SECONDS } from '../boot/boot-options.js';

export interface ControllerClients {
  readonly autoScaling: Pick<AutoScalingClient, 'send'>;
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  readonly ec2: Pick<EC2Client, 'send'>;
  readonly efs: Pick<EFSClient, 'send'>;
  readonly loadBalancing: Pick<ElasticLoadBalancingV2Client, 'send'>;
}

export interface DescribeControllerOptions extends ControllerClients {
  readonly autoScalingGroupName: string;
  readonly targetGroupArn: string;
  readonly fileSystemId: string;
  /** Alarms whose names start so, e.g. the name of the controller's stack. */
  readonly alarmNamePrefix: string;
  /** The moment of the look, by which an instance is young or not. */
  readonly at: Date;
  readonly signal?: AbortSignal;
}

export interface ControllerInstance {
  readonly instanceId: string;
  readonly availabilityZone: string;
  /** ISO 8601. */
  readonly launchedAt: string | undefined;
  readonly instanceType: string | undefined;
  /** The group's life cycle state, e.g. `InService`, `Pending`, `Terminating`. */
  readonly lifecycleState: string;
  /** What the load balancer sees on `/login`: `healthy`, `unhealthy`, `initial`, `draining`, … */
  readonly targetHealth: string;
}

export interface ControllerAlarm {
  readonly name: string;
  readonly state: string;
  readonly description: string | undefined;
}

/**
 * `healthy`: one instance in service that answers. `starting`: it is younger than a boot may take and does not answer
 * yet. `unhealthy`: it is older and does not answer. `gone`: there is none, between the end of one and the start of the
 * next. `more-than-one`: a new one was started while the old one still runs; its boot waits until that has stopped.
 */
export type ControllerHealth = 'healthy' | 'starting' | 'unhealthy' | 'gone' | 'more-than-one';

export interface ControllerStatus {
  readonly health: ControllerHealth;
  /** The members of the group. */
  readonly instances: readonly ControllerInstance[];
  readonly home: {
    readonly fileSystemId: string;
    /** EFS life cycle state, e.g. `available`; `missing` when the file system is gone. */
    readonly state: string;
    readonly sizeBytes: number | undefined;
    readonly mountTargetCount: number;
  };
  readonly alarms: readonly ControllerAlarm[];
}

/** What the members of the group say together, at one moment. Pure. */
export function controllerHealth(instances: readonly ControllerInstance[], at: Date): ControllerHealth {
  const staying = instances.filter(({ lifecycleState }) => !lifecycleState.startsWith('Terminat'));
  const [instance] = staying;
  if (instance === undefined) return 'gone';
  if (staying.length > 1) return 'more-than-one';
  if (instance.targetHealth === 'healthy') return 'healthy';
  const ageSeconds = instance.launchedAt === undefined ? 0 : (at.getTime() - Date.parse(instance.launchedAt)) / 1000;
  return ageSeconds < BOOT_TIMEOUT_SECONDS ? 'starting' : 'unhealthy';
}

/**
 * What one controller is and does now, from the live account.
 *
 * Permissions: `autoscaling:DescribeAutoScalingGroups`, `cloudwatch:DescribeAlarms`, `ec2:DescribeInstances`,
 * `elasticfilesystem:DescribeFileSystems`, `elasticfilesystem:DescribeMountTargets`,
 * `elasticloadbalancing:DescribeTargetHealth`. Errors of the SDK pass through.
 */
export async function describeController(options: DescribeControllerOptions): Promise<ControllerStatus> {
  const [instances, home, alarms] = await Promise.all([
    describeInstances(options),
    describeHome(options),
    describeAlarms(options),
  ]);
  return { health: controllerHealth(instances, options.at), instances, home, alarms };
}

async function describeInstances(options: DescribeControllerOptions): Promise<ControllerInstance[]> {
  // The commands are loaded here and in the other looks, not above: planning a platform must not pay for five SDKs.
  const [{ DescribeAutoScalingGroupsCommand }, { DescribeTargetHealthCommand }, { DescribeInstancesCommand }] =
    await Promise.all([
      import('@aws-sdk/client-auto-scaling'),
      import('@aws-sdk/client-elastic-load-balancing-v2'),
      import('@aws-sdk/client-ec2'),
    ]);
  const { autoScaling, ec2, loadBalancing, autoScalingGroupName, targetGroupArn, signal } = options;
  const abort = { abortSignal: signal };
  const [groups, targets] = await Promise.all([
    autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [autoScalingGroupName] }), abort),
    loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }), abort),
  ]);
  const members = groups.AutoScalingGroups?.[0]?.Instances ?? [];
  const ids = members.flatMap(({ InstanceId }) => InstanceId ?? []);
  const found =
    ids.length === 0
      ? []
      : ((
          await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: ids }] }), abort)
        ).Reservations?.flatMap(({ Instances }) => Instances ?? []) ?? []);
  return members.map((member) => {
    const instance = found.find(({ InstanceId }) => InstanceId === member.InstanceId);
    const target = targets.TargetHealthDescriptions?.find(({ Target }) => Target?.Id === member.InstanceId);
    return {
      instanceId: member.InstanceId ?? 'unknown',
      availabilityZone: member.AvailabilityZone ?? 'unknown',
      launchedAt: instance?.LaunchTime?.toISOString(),
      instanceType: instance?.InstanceType ?? member.InstanceType,
      lifecycleState: member.LifecycleState ?? 'unknown',
      targetHealth: target?.TargetHealth?.State ?? 'not registered',
    };
  });
}

async function describeHome({
  efs,
  fileSystemId,
  signal,
}: DescribeControllerOptions): Promise<ControllerStatus['home']> {
  const { DescribeFileSystemsCommand, DescribeMountTargetsCommand } = await import('@aws-sdk/client-efs');
  const abort = { abortSignal: signal };
  try {
    const [systems, targets] = await Promise.all([
      efs.send(new DescribeFileSystemsCommand({ FileSystemId: fileSystemId }), abort),
      efs.send(new DescribeMountTargetsCommand({ FileSystemId: fileSystemId }), abort),
    ]);
    const system = systems.FileSystems?.[0];
    return {
      fileSystemId,
      state: system?.LifeCycleState ?? 'missing',
      sizeBytes: system?.SizeInBytes?.Value,
      mountTargetCount: targets.MountTargets?.length ?? 0,
    };
  } catch (error) {
    if (!(error instanceof Error && error.name === 'FileSystemNotFound')) throw error;
    return { fileSystemId, state: 'missing', sizeBytes: undefined, mountTargetCount: 0 };
  }
}

async function describeAlarms({
  cloudWatch,
  alarmNamePrefix,
  signal,
}: DescribeControllerOptions): Promise<ControllerAlarm[]> {
  const { DescribeAlarmsCommand } = await import('@aws-sdk/client-cloudwatch');
  const { MetricAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `${alarmNamePrefix}-`, AlarmTypes: ['MetricAlarm'] }),
    { abortSignal: signal },
  );
  return MetricAlarms.map(({ AlarmName, StateValue, AlarmDescription }) => ({
    name: AlarmName ?? 'unknown',
    state: StateValue ?? 'unknown',
    description: AlarmDescription,
  })).sort((a, b) => a.name.localeCompare(b.name));
}
