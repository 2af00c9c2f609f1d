import { GatewayVpcEndpointAwsService, type IIpAddresses, type IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Aws, Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { NetworkOptions } from '../options/network-options.js';
import { planSubnets, type SubnetPlan } from '../plan/plan-subnets.js';
import { resolveKnownNetworkOptions } from './resolve-known-network-options.js';

/** Same as the options of the config file; see {@link NetworkOptions} for defaults. */
export type JenkinsNetworkProps = NetworkOptions;

/** Hands the plan's subnets to the VPC construct, so that the construct and every other user share one plan. */
function plannedAddresses(plan: SubnetPlan): IIpAddresses {
  return {
    allocateVpcCidr: () => ({ cidrBlock: plan.cidr }),
    allocateSubnetsCidr: ({ requestedSubnets }) => {
      const used = { [SubnetType.PUBLIC]: 0, [SubnetType.PRIVATE_WITH_EGRESS]: 0, [SubnetType.PRIVATE_ISOLATED]: 0 };
      return {
        allocatedSubnets: requestedSubnets.map(({ configuration: { subnetType } }) => {
          const zone = plan.zones[used[subnetType as SubnetType.PUBLIC]++];
          return { cidr: (subnetType === SubnetType.PUBLIC ? zone?.publicCidr : zone?.privateCidr) ?? '' };
        }),
      };
    },
  };
}

/**
 * A VPC over 2–6 zones: a public subnet for load balancers and a private one for everything else in each, NAT as
 * chosen, and an S3 gateway endpoint (free, keeps package downloads off the NAT gateway).
 *
 * Cost: each NAT gateway by the hour and by the GB, and its public IPv4 address by the hour. The rest is free.
 */
export class JenkinsNetwork extends Construct {
  readonly vpc: IVpc;
  /** Where each subnet lies. */
  readonly plan: SubnetPlan;

  /** @throws NetworkError `NETWORK_OPTIONS_INVALID` with every problem of the options */
  constructor(scope: Construct, id: string, props: JenkinsNetworkProps = {}) {
    super(scope, id);
    const { cidr, availabilityZones, nat } = resolveKnownNetworkOptions(props);
    const zones =
      typeof availabilityZones === 'number'
        ? Array.from({ length: availabilityZones }, (_, index) => Fn.select(index, Fn.getAzs()))
        : availabilityZones;
    this.plan = planSubnets({ cidr, zoneCount: zones.length });
    const vpc = new Vpc(this, 'Resource', {
      vpcName: Aws.STACK_NAME,
      availabilityZones: zones,
      ipAddresses: plannedAddresses(this.plan),
      natGateways: { none: 0, one: 1, 'per-zone': zones.length }[nat],
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        {
          name: 'Private',
          subnetType: nat === 'none' ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS,
        },
      ],
      // The default group is never used; emptying it takes a custom resource, and there are none here.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    });

    this.vpc = vpc;
  }
}
