import { JenkinsNetwork } from '@jenkins-aws/network/cdk';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Annotations, CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PlatformConfig } from '../options/platform-config.js';
import { zoneCount } from '../plan/zone-count.js';
import { handOver, NETWORK_HANDOVER, takeOver } from './handover.js';

export interface NetworkStackProps extends StackProps {
  readonly config: PlatformConfig;
}

/** The VPC that all masters share. It hands its ids to the other stacks by SSM parameters. */
export class NetworkStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: NetworkStackProps) {
    super(scope, id, { description: `Network of the Jenkins platform ${config.name}`, ...props });
    const { vpc } = new JenkinsNetwork(this, 'Network', config.network);
    handOver(this, config.name, NETWORK_HANDOVER.vpcId, vpc.vpcId);
    for (const [index, { subnetId }] of vpc.publicSubnets.entries()) {
      handOver(this, config.name, NETWORK_HANDOVER.publicSubnetId(index + 1), subnetId);
    }
    for (const [index, { subnetId }] of vpc.privateSubnets.entries()) {
      handOver(this, config.name, NETWORK_HANDOVER.privateSubnetId(index + 1), subnetId);
    }
    new CfnOutput(this, 'VpcId', { value: vpc.vpcId });
    new CfnOutput(this, 'AvailabilityZones', { value: Fn.join(',', vpc.availabilityZones) });
  }
}

/**
 * The network stack's VPC as another stack sees it.
 *
 * @param sides which subnets the stack uses: a parameter that nobody reads would only puzzle
 */
export function takeOverVpc(
  stack: Stack,
  config: PlatformConfig,
  sides: readonly ('private' | 'public')[] = ['private'],
): IVpc {
  const zones = Array.from({ length: zoneCount(config) }, (_, index) => index + 1);
  const subnets = (segments: (zone: number) => readonly string[]) =>
    zones.map((zone) => takeOver(stack, config.name, segments(zone), 'AWS::EC2::Subnet::Id'));
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: takeOver(stack, config.name, NETWORK_HANDOVER.vpcId, 'AWS::EC2::VPC::Id'),
    availabilityZones: zones.map((zone) => Fn.select(zone - 1, Fn.getAzs())),
    ...(sides.includes('private') ? { privateSubnetIds: subnets(NETWORK_HANDOVER.privateSubnetId) } : {}),
    ...(sides.includes('public') ? { publicSubnetIds: subnets(NETWORK_HANDOVER.publicSubnetId) } : {}),
  });
  for (const subnet of [...vpc.privateSubnets, ...vpc.publicSubnets]) {
    Annotations.of(subnet).acknowledgeWarning(
      '@aws-cdk/aws-ec2:noSubnetRouteTableId',
      'no stack adds routes to the subnets of another one',
    );
  }
  return vpc;
}
