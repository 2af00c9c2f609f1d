import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnCondition, CfnRule, Fn, type Stack, Token } from 'aws-cdk-lib/core';
import type { TemplateParameters } from './template-parameters.js';

const ZONES = [0, 1, 2];

/** The VPC that a team has, and which of its private subnets the template uses. */
export interface VpcOfParameters {
  readonly vpc: IVpc;
  /** Holds where a third zone is used; what belongs to it alone needs this condition. */
  readonly threeZones: CfnCondition;
  /** One a zone, of the zones that are used. */
  readonly privateSubnetIds: unknown;
}

/** A team's own VPC with two or three of its private subnets, as parameters of the template. */
export function vpcOfParameters(stack: Stack, parameters: TemplateParameters): VpcOfParameters {
  const subnetIds = ZONES.map((zone) => Fn.select(zone, parameters.get('PrivateSubnetIds').valueAsList));
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: parameters.text('VpcId'),
    availabilityZones: ZONES.map((zone) => Fn.select(zone, Fn.getAzs())),
    privateSubnetIds: subnetIds,
  });
  refuseForeignSubnets(stack, parameters, 'PrivateSubnetIds');
  const expression = Fn.conditionEquals(parameters.text('ZoneCount'), '3');
  const threeZones = new CfnCondition(stack, 'ThreeZones', { expression });
  return {
    vpc,
    threeZones,
    privateSubnetIds: Fn.conditionIf(threeZones.logicalId, subnetIds, subnetIds.slice(0, 2)),
  };
}

/** CloudFormation refuses the parameters, before anything is made, where a subnet is not in the VPC. */
export function refuseForeignSubnets(
  stack: Stack,
  parameters: TemplateParameters,
  name: 'PrivateSubnetIds' | 'LoadBalancerSubnetIds',
): void {
  const vpcIds = Token.asList({ 'Fn::ValueOf': [name, 'VpcId'] });
  new CfnRule(stack, `${name}LieInVpc`, {
    assertions: [
      {
        assert: Fn.conditionEachMemberEquals(vpcIds, parameters.text('VpcId')),
        assertDescription: `every one of ${name} must be a subnet of VpcId`,
      },
    ],
  });
}
