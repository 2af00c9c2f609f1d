import { logGroupName } from '@jenkins-aws/core';
import { listenerOf } from '@jenkins-aws/master';
import { JenkinsController } from '@jenkins-aws/master/cdk';
import { JenkinsSecurityGroups } from '@jenkins-aws/network/cdk';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { AccessPoint, FileSystem } from 'aws-cdk-lib/aws-efs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { MasterStackProps } from './data-stack.js';
import { homeHandover, takeOver } from './handover.js';
import { takeOverVpc } from './network-stack.js';

/** One master's controller, load balancer and alarms: what can be made anew at any time. */
export class ControllerStack extends Stack {
  constructor(scope: Construct, id: string, { config, master, options, ...props }: MasterStackProps) {
    super(scope, id, { description: `Controller of the Jenkins master ${master} of ${config.name}`, ...props });
    const vpc = takeOverVpc(
      this,
      config,
      options.access.scheme === 'internet-facing' ? ['private', 'public'] : ['private'],
    );
    const segments = homeHandover(master);
    const home = SecurityGroup.fromSecurityGroupId(
      this,
      'HomeSecurityGroup',
      takeOver(this, config.name, segments.securityGroupId, 'AWS::EC2::SecurityGroup::Id'),
    );
    const fileSystem = FileSystem.fromFileSystemAttributes(this, 'FileSystem', {
      fileSystemId: takeOver(this, config.name, segments.fileSystemId),
      securityGroup: home,
    });
    const accessPoint = AccessPoint.fromAccessPointAttributes(this, 'AccessPoint', {
      accessPointId: takeOver(this, config.name, segments.accessPointId),
      fileSystem,
    });
    const securityGroups = new JenkinsSecurityGroups(this, 'SecurityGroups', {
      vpc,
      home,
      allowedCidrs: options.access.allowedCidrs,
      listener: listenerOf(options.access),
    });
    const { home: _home, ...controllerOptions } = options;
    const controller = new JenkinsController(this, 'Controller', {
      vpc,
      fileSystem,
      accessPoint,
      controllerSecurityGroup: securityGroups.controller,
      loadBalancerSecurityGroup: securityGroups.loadBalancer,
      logGroup: LogGroup.fromLogGroupName(this, 'Logs', logGroupName(config.name, master)),
      ...controllerOptions,
    });
    // The way to the home is open before the first instance boots, and until the last one has stopped.
    controller.autoScalingGroup.node.addDependency(securityGroups, home);
    const output = (name: string, value: string) => new CfnOutput(this, name, { value });
    output('Url', controller.url);
    output('AutoScalingGroupName', controller.autoScalingGroup.autoScalingGroupName);
    output('TargetGroupArn', controller.loadBalancer.targetGroup.targetGroupArn);
    output('AlarmTopicArn', controller.alarmTopic.topicArn);
  }
}
