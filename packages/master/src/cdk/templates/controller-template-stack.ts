import { planTalk } from '@jenkins-aws/network';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnInstanceProfile, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { Aws, CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AccessOptions } from '../../options/access-options.js';
import { JenkinsController } from '../jenkins-controller.js';
import { AMAZON_LINUX_PARAMETER } from '../machine-image.js';
import { makeHome, takeHome } from './home-of-parameters.js';
import { TemplateParameters } from './template-parameters.js';
import { refuseForeignSubnets, type VpcOfParameters, vpcOfParameters } from './vpc-of-parameters.js';

export interface ControllerTemplateOptions {
  /**
   * `make`: an own file system and log group, retained when the stack is deleted. `take`: what exists, by its ids, so that
   * it outlives every controller. Default: `make`.
   */
  readonly home?: 'make' | 'take';
  /**
   * `https` takes a certificate. `http` is without TLS, on an internal load balancer only, and takes the written reason
   * why that is acceptable. Default: `https`.
   */
  readonly listener?: 'https' | 'http';
}

/** One controller in a team's own VPC. Everything foreign is a parameter, everything that others want an output. */
export class ControllerTemplateStack extends Stack {
  private readonly parameters: TemplateParameters;
  private readonly listener: 'https' | 'http';

  constructor(
    scope: Construct,
    id: string,
    { home = 'make', listener = 'https', ...props }: ControllerTemplateOptions & StackProps = {},
  ) {
    super(scope, id, props);
    this.listener = listener;
    this.parameters = new TemplateParameters(this);
    const network = vpcOfParameters(this, this.parameters);
    const { fileSystem, accessPoint, logGroup, mountTargetIds } =
      home === 'make' ? makeHome(this, this.parameters, network) : takeHome(this, this.parameters);
    const controller = new JenkinsController(this, 'Controller', {
      vpc: network.vpc,
      fileSystem,
      accessPoint,
      logGroup,
      access: this.access(),
      jenkinsVersion: this.parameters.text('JenkinsVersion'),
      instanceType: this.parameters.text('InstanceType'),
      machineImageId: this.machineImageId(),
      rootVolumeGiB: this.parameters.number('RootVolumeGiB'),
      alarms: {
        emails: [this.parameters.text('AlarmEmail')],
        cpuPercent: this.parameters.number('CpuAlarmPercent'),
      },
    });
    this.placeInSubnets(controller, network, mountTargetIds);
    this.allowMoreRanges(controller);
    this.boundIdentity(controller);
    this.addOutputs(controller);
  }

  private access(): AccessOptions {
    const allowedCidrs = [this.parameters.text('AllowedCidr')];
    return this.listener === 'https'
      ? { allowedCidrs, certificateArn: this.parameters.text('CertificateArn') }
      : { allowedCidrs, plainHttp: { reason: this.parameters.text('PlainHttpReason') } };
  }

  /** The dynamic reference is looked up when the launch template changes, and not at each deploy. */
  private machineImageId(): string {
    const newest = Fn.sub(`{{resolve:ssm:${AMAZON_LINUX_PARAMETER}\${Architecture}}}`, {
      Architecture: this.parameters.text('Architecture'),
    });
    return this.whereGiven('MachineImageId', newest);
  }

  /** The optional parameter's value, or what stands in its place where it is not given. */
  private whereGiven(name: 'MachineImageId' | 'PermissionsBoundaryArn', otherwise: string): string {
    return Fn.conditionIf(this.parameters.given(name).logicalId, this.parameters.text(name), otherwise).toString();
  }

  /** The construct is made for lists of known length; these are as long as the team's. */
  private placeInSubnets(
    controller: JenkinsController,
    { privateSubnetIds }: VpcOfParameters,
    mountTargetIds: readonly unknown[],
  ): void {
    refuseForeignSubnets(this, this.parameters, 'LoadBalancerSubnetIds');
    for (const child of controller.node.findAll()) {
      if (child instanceof CfnAutoScalingGroup) {
        child.addPropertyOverride('VPCZoneIdentifier', privateSubnetIds);
        // A reference is what the group waits for: DependsOn takes no condition.
        if (mountTargetIds.length > 0) child.addMetadata('StartsAfter', mountTargetIds);
      }
      if (child instanceof CfnLoadBalancer) {
        child.subnets = this.parameters.get('LoadBalancerSubnetIds').valueAsList;
        if (this.listener === 'https') child.scheme = this.parameters.text('Scheme');
      }
      if (child instanceof CfnSubscription) child.cfnOptions.condition = this.parameters.given('AlarmEmail');
    }
  }

  private allowMoreRanges({ loadBalancer }: JenkinsController): void {
    const [group] = loadBalancer.connections.securityGroups;
    for (const { port, why } of planTalk(this.listener).filter(({ from }) => from === 'users')) {
      for (const name of ['AllowedCidr2', 'AllowedCidr3', 'AllowedPrefixListId'] as const) {
        const source = this.parameters.text(name);
        const rule = new CfnSecurityGroupIngress(this, `${name}Port${port}`, {
          groupId: group?.securityGroupId ?? '',
          ipProtocol: 'tcp',
          fromPort: port,
          toPort: port,
          description: why,
          ...(name === 'AllowedPrefixListId' ? { sourcePrefixListId: source } : { cidrIp: source }),
        });
        rule.cfnOptions.condition = this.parameters.given(name);
      }
    }
  }

  private boundIdentity(controller: JenkinsController): void {
    for (const child of controller.node.findAll()) {
      if (child instanceof CfnRole) {
        child.path = this.parameters.text('RolePath');
        child.permissionsBoundary = this.whereGiven('PermissionsBoundaryArn', Aws.NO_VALUE);
      }
      if (child instanceof CfnInstanceProfile) child.path = this.parameters.text('RolePath');
    }
  }

  private addOutputs(controller: JenkinsController): void {
    const output = (id: string, value: string, description: string) => new CfnOutput(this, id, { value, description });
    const { loadBalancer } = controller.loadBalancer;
    output('Url', this.url(controller), 'Where people reach Jenkins');
    output('LoadBalancerDnsName', loadBalancer.loadBalancerDnsName, 'What a DNS record of Jenkins points to');
    output(
      'LoadBalancerHostedZoneId',
      loadBalancer.loadBalancerCanonicalHostedZoneId,
      'Hosted zone of that name, for an alias record',
    );
    output('LoadBalancerArn', loadBalancer.loadBalancerArn, 'For a web ACL or more listeners');
    output('TargetGroupArn', controller.loadBalancer.targetGroup.targetGroupArn, 'Its health is that of Jenkins');
    const [balancerGroup] = controller.loadBalancer.connections.securityGroups;
    const [controllerGroup] = controller.connections.securityGroups;
    output(
      'LoadBalancerSecurityGroupId',
      balancerGroup?.securityGroupId ?? '',
      'Further ranges that may reach Jenkins are rules of this group',
    );
    output(
      'ControllerSecurityGroupId',
      controllerGroup?.securityGroupId ?? '',
      'What else the controller may reach is a rule of this group',
    );
    output('RoleArn', controller.role.roleArn, 'Role of the controller');
    output('RoleName', controller.role.roleName, 'For further policies of the role of the controller');
    output('AutoScalingGroupName', controller.autoScalingGroup.autoScalingGroupName, 'The group of one controller');
    output('AlarmTopicArn', controller.alarmTopic.topicArn, 'Every alarm is published here');
    if (this.listener === 'http') {
      output('ReasonWithoutTls', this.parameters.text('PlainHttpReason'), 'Why traffic without TLS is acceptable');
    }
  }

  private url(controller: JenkinsController): string {
    if (this.listener === 'http') return controller.url;
    const named = Fn.join('', ['https://', this.parameters.text('DomainName'), '/']);
    return Fn.conditionIf(this.parameters.given('DomainName').logicalId, named, controller.url).toString();
  }
}
