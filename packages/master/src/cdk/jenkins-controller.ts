import { JENKINS_PORT } from '@jenkins-aws/core';
import { JenkinsSecurityGroups } from '@jenkins-aws/network/cdk';
import {
  AdditionalHealthCheckType,
  AutoScalingGroup,
  type CfnAutoScalingGroup,
  HealthChecks,
  UpdatePolicy,
} from 'aws-cdk-lib/aws-autoscaling';
import {
  BlockDeviceVolume,
  type Connections,
  EbsDeviceVolumeType,
  type IConnectable,
  InstanceType,
  type ISecurityGroup,
  type IVpc,
  LaunchTemplate,
  type SubnetSelection,
  SubnetType,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import type { IAccessPoint, IFileSystem } from 'aws-cdk-lib/aws-efs';
import {
  type IGrantable,
  type IPrincipal,
  type IRole,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { type ILogGroup, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Aws, Duration, Lazy, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { BOOT_TIMEOUT_SECONDS, JENKINS_UID } from '../boot/boot-options.js';
import { renderBoot } from '../boot/render-boot.js';
import { MasterError } from '../errors.js';
import type { ResolvedAccessOptions } from '../options/access-options.js';
import type { MasterOptions } from '../options/master-options.js';
import { listenerOf } from '../plan/access.js';
import { JenkinsAlarms } from './jenkins-alarms.js';
import { JenkinsLoadBalancer } from './jenkins-load-balancer.js';
import { controllerImage } from './machine-image.js';
import { resolveKnownOptions } from './resolve-known-options.js';

/** How long the stack and the group wait for a boot: its own deadline, and time to launch it and to hear its signal. */
const BOOT_TIMEOUT = Duration.seconds(BOOT_TIMEOUT_SECONDS + 120);

export interface JenkinsControllerProps extends Omit<MasterOptions, 'home'> {
  readonly vpc: IVpc;
  /** Of the controller. Default: the private subnets with a way out. */
  readonly vpcSubnets?: SubnetSelection;
  /** Of the load balancer. Default: public subnets when internet-facing, else those of the controller. */
  readonly loadBalancerSubnets?: SubnetSelection;
  /** Default: one is made, with the rules of the network's table of who may talk to whom. Give both groups or none. */
  readonly controllerSecurityGroup?: ISecurityGroup;
  /** Default: one is made. Give both groups or none. */
  readonly loadBalancerSecurityGroup?: ISecurityGroup;
  readonly fileSystem: IFileSystem;
  /** Its user must be {@link JENKINS_UID}. */
  readonly accessPoint: IAccessPoint;
  /**
   * Where boot and Jenkins write. Give one that outlives this construct's stack, so that the log of a failed first boot
   * is still there when CloudFormation has rolled back. Default: one is made, kept for `logRetentionDays`, and goes
   * with the stack.
   */
  readonly logGroup?: ILogGroup;
}

/**
 * A self-healing Jenkins controller: an Auto Scaling group of exactly one instance over all zones, its home on EFS, a
 * load balancer whose health check replaces an instance that does not answer, alarms, logs. An update stops the old
 * instance before it starts the new one. Any other replacement may start the new one earlier, and its boot waits until
 * every other instance of the group is gone before it mounts the home.
 *
 * Cost: the instance by the hour, its root volume, the load balancer, alarms and logs.
 */
export class JenkinsController extends Construct implements IConnectable, IGrantable {
  readonly connections: Connections;
  readonly grantPrincipal: IPrincipal;
  /** Of the instance. */
  readonly role: IRole;
  readonly autoScalingGroup: AutoScalingGroup;
  readonly loadBalancer: JenkinsLoadBalancer;
  readonly alarms: JenkinsAlarms;
  readonly logGroup: ILogGroup;
  /** Where people reach Jenkins. */
  readonly url: string;
  /** Where the alarms go. */
  readonly alarmTopic: ITopic;

  /**
   * What is an unresolved token in the options is not checked: it is CloudFormation's to refuse.
   *
   * @throws MasterError `MASTER_OPTIONS_INVALID` with every problem of the options
   */
  constructor(scope: Construct, id: string, props: JenkinsControllerProps) {
    super(scope, id);
    const { jenkinsVersion, instanceType, machineImageId, rootVolumeGiB, access, alarms, logRetentionDays } = props;
    const options = resolveKnownOptions({
      jenkinsVersion,
      instanceType,
      machineImageId,
      rootVolumeGiB,
      access,
      alarms,
      logRetentionDays,
    });
    const { vpc, vpcSubnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS } } = props;

    this.logGroup =
      props.logGroup ??
      new LogGroup(this, 'Logs', {
        retention: options.logRetentionDays as RetentionDays,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    const role = this.createRole(props);
    this.role = role;
    this.grantPrincipal = role;
    const securityGroups = this.securityGroupsOf(props, options.access);

    const { userData } = renderBoot({
      jenkinsVersion: options.jenkinsVersion,
      region: Aws.REGION,
      stackName: Aws.STACK_NAME,
      signalLogicalId: Lazy.string({ produce: () => Stack.of(this).getLogicalId(this.group()) }),
      fileSystemId: props.fileSystem.fileSystemId,
      accessPointId: props.accessPoint.accessPointId,
      logGroupName: this.logGroup.logGroupName,
      jenkinsUid: JENKINS_UID,
    });
    const launchTemplate = new LaunchTemplate(this, 'LaunchTemplate', {
      instanceType: new InstanceType(options.instanceType),
      machineImage: controllerImage(options.instanceType, options.machineImageId),
      securityGroup: securityGroups.controller,
      role,
      userData: UserData.custom(userData),
      requireImdsv2: true,
      httpPutResponseHopLimit: 1,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(options.rootVolumeGiB, {
            volumeType: EbsDeviceVolumeType.GP3,
            encrypted: true,
          }),
        },
      ],
    });
    this.autoScalingGroup = new AutoScalingGroup(this, 'Group', {
      vpc,
      vpcSubnets,
      launchTemplate,
      minCapacity: 1,
      maxCapacity: 1,
      // Outside of updates (failed health check, refresh) AWS starts the new one while it stops the old one and not after
      // it has; the boot waits until the old one is gone. Anything above 100 would even keep both in service.
      minHealthyPercentage: 0,
      maxHealthyPercentage: 100,
      healthChecks: HealthChecks.withAdditionalChecks({
        additionalTypes: [AdditionalHealthCheckType.ELB],
        gracePeriod: BOOT_TIMEOUT,
      }),
      updatePolicy: UpdatePolicy.rollingUpdate({
        minInstancesInService: 0,
        maxBatchSize: 1,
        waitOnResourceSignals: true,
        pauseTime: BOOT_TIMEOUT,
      }),
    });
    // Not by the construct's own `signals`: it gives the role a permission that cfn-signal does not need.
    this.group().cfnOptions.creationPolicy = {
      resourceSignal: { count: 1, timeout: BOOT_TIMEOUT.toIsoString() },
    };
    Tags.of(launchTemplate).add('Name', Aws.STACK_NAME);
    // What the boot needs is there before the first instance, and until the last one has stopped: its policy, too.
    this.autoScalingGroup.node.addDependency(role, props.fileSystem.mountTargetsAvailable);
    if (securityGroups instanceof JenkinsSecurityGroups) {
      this.autoScalingGroup.node.addDependency(securityGroups, ...props.fileSystem.connections.securityGroups);
    }

    const publicSide = options.access.scheme === 'internet-facing' ? { subnetType: SubnetType.PUBLIC } : vpcSubnets;
    this.loadBalancer = new JenkinsLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: props.loadBalancerSubnets ?? publicSide,
      securityGroup: securityGroups.loadBalancer,
      access: options.access,
      target: this.autoScalingGroup,
      targetPort: JENKINS_PORT,
    });
    // The first instance finds a listener in front of it, and with a certificate of ours a valid one.
    this.autoScalingGroup.node.addDependency(this.loadBalancer.listener);
    this.url = this.loadBalancer.url;
    this.connections = this.autoScalingGroup.connections;
    this.alarms = new JenkinsAlarms(this, 'Alarms', {
      emails: options.alarms.emails,
      thresholds: { cpu: options.alarms.cpuPercent },
      after: this.autoScalingGroup,
      dimensions: {
        'auto-scaling-group': { AutoScalingGroupName: this.autoScalingGroup.autoScalingGroupName },
        'target-group': {
          TargetGroup: this.loadBalancer.targetGroup.targetGroupFullName,
          LoadBalancer: this.loadBalancer.loadBalancer.loadBalancerFullName,
        },
      },
    });
    this.alarmTopic = this.alarms.topic;
  }

  private securityGroupsOf(
    { vpc, fileSystem, controllerSecurityGroup, loadBalancerSecurityGroup }: JenkinsControllerProps,
    access: ResolvedAccessOptions,
  ): Pick<JenkinsSecurityGroups, 'controller' | 'loadBalancer'> {
    if (controllerSecurityGroup !== undefined && loadBalancerSecurityGroup !== undefined) {
      return { controller: controllerSecurityGroup, loadBalancer: loadBalancerSecurityGroup };
    }
    if (controllerSecurityGroup !== undefined || loadBalancerSecurityGroup !== undefined) {
      const [given, lacking] =
        loadBalancerSecurityGroup === undefined
          ? ['controllerSecurityGroup', 'loadBalancerSecurityGroup']
          : ['loadBalancerSecurityGroup', 'controllerSecurityGroup'];
      const message = `${lacking} is needed beside ${given}; give both, or none and both are made`;
      throw new MasterError('MASTER_OPTIONS_INVALID', message);
    }
    return new JenkinsSecurityGroups(this, 'SecurityGroups', {
      vpc,
      home: fileSystem,
      allowedCidrs: access.allowedCidrs,
      listener: listenerOf(access),
    });
  }

  private group(): CfnAutoScalingGroup {
    return this.autoScalingGroup.node.defaultChild as CfnAutoScalingGroup;
  }

  /** What the instance may do: mount its home, write its logs, see who else is there, be reached by Session Manager. */
  private createRole({ fileSystem, accessPoint }: JenkinsControllerProps): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      description: 'Jenkins controller',
    });
    const statement = (
      sid: string,
      actions: string[],
      resources: string[],
      conditions: Record<string, Record<string, string>> = {},
    ) => role.addToPolicy(new PolicyStatement({ sid, actions, resources, conditions }));
    statement(
      'MountHome',
      ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      [fileSystem.fileSystemArn],
      { StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.accessPointArn } },
    );
    statement(
      'WriteLogs',
      ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      [this.logGroup.logGroupArn],
    );
    // The boot waits for the other instances of its group. Neither this nor the next knows resources.
    statement('SeeOtherInstances', ['ec2:DescribeInstances'], ['*']);
    statement(
      'SessionManager',
      [
        'ssm:UpdateInstanceInformation',
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ],
      ['*'],
    );
    return role;
  }
}
