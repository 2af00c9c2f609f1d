import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  AccessPoint,
  CfnFileSystem,
  CfnMountTarget,
  FileSystem,
  type IAccessPoint,
  type IFileSystem,
} from 'aws-cdk-lib/aws-efs';
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Aws, CfnOutput, Fn, RemovalPolicy, type Stack } from 'aws-cdk-lib/core';
import { JenkinsHome } from '../jenkins-home.js';
import type { TemplateParameters } from './template-parameters.js';
import type { VpcOfParameters } from './vpc-of-parameters.js';

interface Home {
  readonly fileSystem: IFileSystem;
  readonly accessPoint: IAccessPoint;
  /** It outlives the controller, whose first boot may fail and be rolled back: then it tells why. */
  readonly logGroup: ILogGroup;
  /** One in each zone that is used; whoever mounts has to wait for them. */
  readonly mountTargetIds: readonly unknown[];
}

/** A home and a log group that the template makes and keeps, with their outputs. */
export function makeHome(stack: Stack, parameters: TemplateParameters, { vpc, threeZones }: VpcOfParameters): Home {
  const home = new JenkinsHome(stack, 'Home', { vpc });
  const children = home.node.findAll();
  for (const child of children) {
    if (child instanceof CfnFileSystem) child.throughputMode = parameters.text('HomeThroughput');
  }
  const targets = children.filter((child) => child instanceof CfnMountTarget);
  const mountTargetIds = targets.map(({ ref }, zone) =>
    zone < 2 ? ref : Fn.conditionIf(threeZones.logicalId, ref, Aws.NO_VALUE),
  );
  for (const { cfnOptions } of targets.slice(2)) cfnOptions.condition = threeZones;
  const logGroup = new LogGroup(stack, 'Logs', {
    retention: parameters.number('LogRetentionDays'),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const output = (id: string, value: string, description: string) => new CfnOutput(stack, id, { value, description });
  output('FileSystemId', home.fileSystem.fileSystemId, 'EFS file system of the home; it stays when the stack goes');
  output('AccessPointId', home.accessPoint.accessPointId, 'Access point that the controller mounts the home through');
  output('HomeSecurityGroupId', home.securityGroup.securityGroupId, 'Security group of the mount targets of the home');
  output(
    'LogGroupName',
    logGroup.logGroupName,
    'Logs of boot and Jenkins, also of a boot that failed; it stays when the stack goes',
  );
  // As it is seen from outside: nothing may depend on a mount target by name that a condition may leave out.
  const fileSystem = FileSystem.fromFileSystemAttributes(stack, 'MadeFileSystem', {
    fileSystemId: home.fileSystem.fileSystemId,
    securityGroup: home.securityGroup,
  });
  return { fileSystem, accessPoint: home.accessPoint, logGroup, mountTargetIds };
}

/** A home and a log group that exist, as another stack's outputs name them. */
export function takeHome(stack: Stack, parameters: TemplateParameters): Home {
  const securityGroup = SecurityGroup.fromSecurityGroupId(
    stack,
    'HomeSecurityGroup',
    parameters.text('HomeSecurityGroupId'),
  );
  const fileSystem = FileSystem.fromFileSystemAttributes(stack, 'FileSystem', {
    fileSystemId: parameters.text('FileSystemId'),
    securityGroup,
  });
  const accessPoint = AccessPoint.fromAccessPointAttributes(stack, 'AccessPoint', {
    accessPointId: parameters.text('AccessPointId'),
    fileSystem,
  });
  const logGroup = LogGroup.fromLogGroupName(stack, 'LogGroup', parameters.text('LogGroupName'));
  return { fileSystem, accessPoint, logGroup, mountTargetIds: [] };
}
