import { parameterName } from '@jenkins-aws/core';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnParameter, type Stack } from 'aws-cdk-lib/core';

/** What the network stack hands to the others: parameter name segments. */
export const NETWORK_HANDOVER = {
  vpcId: ['network', 'vpc-id'],
  publicSubnetId: (zone: number) => ['network', `public-subnet-${zone}-id`],
  privateSubnetId: (zone: number) => ['network', `private-subnet-${zone}-id`],
} as const;

/** What a master's data stack hands to its controller stack. */
export const homeHandover = (master: string) =>
  ({
    fileSystemId: ['master', master, 'file-system-id'],
    accessPointId: ['master', master, 'access-point-id'],
    securityGroupId: ['master', master, 'home-security-group-id'],
  }) as const;

/** Writes a value where a later stack reads it. Standard parameters are free. */
export function handOver(stack: Stack, platform: string, segments: readonly string[], stringValue: string): void {
  new StringParameter(stack, `Handover-${segments.join('-')}`, {
    parameterName: parameterName(platform, ...segments),
    stringValue,
  });
}

/** What a value handed over is; CloudFormation checks that an id exists in the account. */
export type HandoverType = 'String' | 'AWS::EC2::VPC::Id' | 'AWS::EC2::Subnet::Id' | 'AWS::EC2::SecurityGroup::Id';

/**
 * Reads what an earlier stack wrote, as a parameter of the template with a name that a person can read, e.g.
 * `NetworkVpcId`. CloudFormation resolves it at each deploy.
 */
export function takeOver(
  stack: Stack,
  platform: string,
  segments: readonly string[],
  type: HandoverType = 'String',
): string {
  const id = segments
    .flatMap((segment) => segment.split('-'))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return new CfnParameter(stack, id, {
    type: `AWS::SSM::Parameter::Value<${type}>`,
    default: parameterName(platform, ...segments),
  }).valueAsString;
}
