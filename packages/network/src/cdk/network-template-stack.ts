import { CfnEIP, CfnNatGateway, CfnRoute, CfnVPC, type ISubnet } from 'aws-cdk-lib/aws-ec2';
import {
  CfnCondition,
  CfnMapping,
  CfnOutput,
  CfnParameter,
  CfnResource,
  Fn,
  Stack,
  type StackProps,
} from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { zoneSlots } from '../plan/plan-subnets.js';
import { JenkinsNetwork } from './jenkins-network.js';

/** Below a /22 a VPC has room for fewer zones than the template may have. */
const PREFIX_LENGTHS = [16, 17, 18, 19, 20, 21, 22];
const DEFAULT_ADDRESS = '10.0.0.0';
const DEFAULT_PREFIX_LENGTH = 16;

const PRIVATE_ADDRESS = [
  '^(10(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}',
  '172\\.(1[6-9]|2\\d|3[01])(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){2}',
  '192\\.168(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){2}',
  '100\\.(6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){2})$',
].join('|');

export interface NetworkTemplateStackProps extends StackProps {
  /** 2 or more; each has its subnets in the template. */
  readonly zoneCount: number;
}

/**
 * The network with its range, its zones and its NAT as parameters. Its subnets lie where the plan puts them for the range
 * that is given.
 */
export class NetworkTemplateStack extends Stack {
  constructor(scope: Construct, id: string, { zoneCount, ...props }: NetworkTemplateStackProps) {
    super(scope, id, props);
    const { vpc } = new JenkinsNetwork(this, 'Network', {
      cidr: `${DEFAULT_ADDRESS}/${DEFAULT_PREFIX_LENGTH}`,
      availabilityZones: zoneCount,
      nat: 'per-zone',
    });
    this.takeRange(vpc.publicSubnets, vpc.privateSubnets);
    this.takeZones(zoneCount, vpc.publicSubnets, vpc.privateSubnets);
    const perZone = this.takeNat();
    const addresses = this.natAddresses();

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    const ids = (subnets: readonly ISubnet[]) => subnets.map(({ subnetId }) => subnetId).join(',');
    output('VpcId', vpc.vpcId, 'The VPC');
    output('VpcCidr', vpc.vpcCidrBlock, 'Its range');
    output('PublicSubnetIds', ids(vpc.publicSubnets), 'For load balancers, one a zone, separated by commas');
    output('PrivateSubnetIds', ids(vpc.privateSubnets), 'For controllers and workers, one a zone, in the same order');
    const routeTables = vpc.privateSubnets.map(({ routeTable }) => routeTable.routeTableId).join(',');
    output('PrivateRouteTableIds', routeTables, 'Of the private subnets, for routes to other networks');
    const all = Fn.join(',', addresses);
    const natAddresses = Fn.conditionIf(perZone.logicalId, all, addresses[0] ?? '').toString();
    output('NatAddresses', natAddresses, 'Where outgoing traffic comes from, for the allow lists of others');
    this.templateOptions.metadata = {
      'AWS::CloudFormation::Interface': {
        ParameterGroups: [
          { Label: { default: 'Range' }, Parameters: ['VpcAddress', 'VpcPrefixLength'] },
          { Label: { default: 'Zones and the way out' }, Parameters: [...zoneNames(zoneCount), 'NatGateways'] },
        ],
      },
    };
  }

  /** The subnets of the plan, as parts of the range that the parameters give. */
  private takeRange(publicSubnets: readonly ISubnet[], privateSubnets: readonly ISubnet[]): void {
    const address = new CfnParameter(this, 'VpcAddress', {
      default: DEFAULT_ADDRESS,
      allowedPattern: PRIVATE_ADDRESS,
      description:
        'First address of the range of the VPC, private. It cannot be changed later, so choose one that no network you will ever peer with uses.',
      constraintDescription: 'must be a private IPv4 address without a prefix length, such as 10.20.0.0',
    });
    const prefixLength = new CfnParameter(this, 'VpcPrefixLength', {
      default: String(DEFAULT_PREFIX_LENGTH),
      allowedValues: PREFIX_LENGTHS.map(String),
      description: 'Size of the range: 16 has 65536 addresses, 22 has 1024. It cannot be changed later.',
    });
    const [vpc] = this.node.findAll().filter((child) => child instanceof CfnVPC);
    if (vpc === undefined) return;
    vpc.cidrBlock = Fn.join('/', [address.valueAsString, prefixLength.valueAsString]);
    const bits = new CfnMapping(this, 'SubnetBits', {
      mapping: Object.fromEntries(PREFIX_LENGTHS.map((length) => [length, subnetBits(length)])),
    });
    // Private subnets are the first half of the range, public ones the quarter behind it, both in equal slots.
    const slots = zoneSlots(DEFAULT_PREFIX_LENGTH);
    const part = (side: 'Private' | 'Public', first: number) => (zone: number) =>
      Fn.select(
        first + zone,
        Fn.cidr(vpc.attrCidrBlock, first + slots, bits.findInMap(prefixLength.valueAsString, side)),
      );
    put(privateSubnets, 'CidrBlock', part('Private', 0));
    put(publicSubnets, 'CidrBlock', part('Public', 2 * slots));
  }

  private takeZones(zoneCount: number, ...sides: (readonly ISubnet[])[]): void {
    const zones = zoneNames(zoneCount).map((name, index) => {
      const zone = new CfnParameter(this, name, {
        default: '',
        allowedPattern: '^$|^[a-z]{2}(-[a-z]+)+-\\d[a-z]$',
        description: `Zone ${index + 1} of ${zoneCount}, such as one that offers your instance type. It cannot be changed later. Default: number ${index + 1} of those that the region lists. Give all or none.`,
        constraintDescription: 'must be empty or a zone name such as eu-central-1a',
      });
      const given = new CfnCondition(this, `${name}Given`, {
        expression: Fn.conditionNot(Fn.conditionEquals(zone.valueAsString, '')),
      });
      return Fn.conditionIf(given.logicalId, zone.valueAsString, Fn.select(index, Fn.getAzs()));
    });
    for (const subnets of sides) put(subnets, 'AvailabilityZone', (zone) => zones[zone]);
  }

  /** One gateway always, the others and the routes to them where there shall be one a zone. */
  private takeNat(): CfnCondition {
    const nat = new CfnParameter(this, 'NatGateways', {
      default: 'one',
      allowedValues: ['one', 'per-zone'],
      description:
        'one is the cheapest and lives in the first zone: when that zone fails, the others have no way out. per-zone survives the loss of any zone, at the price of a gateway in each.',
    });
    const perZone = new CfnCondition(this, 'NatPerZone', {
      expression: Fn.conditionEquals(nat.valueAsString, 'per-zone'),
    });
    const children = this.node.findAll();
    const [first, ...others] = children.filter((child) => child instanceof CfnNatGateway);
    const [, ...otherAddresses] = children.filter((child) => child instanceof CfnEIP);
    for (const { cfnOptions } of [...others, ...otherAddresses]) cfnOptions.condition = perZone;
    for (const route of children.filter((child) => child instanceof CfnRoute)) {
      const own = route.natGatewayId;
      if (own === undefined || first === undefined || own === first.ref) continue;
      route.natGatewayId = Fn.conditionIf(perZone.logicalId, own, first.ref).toString();
    }
    return perZone;
  }

  private natAddresses(): string[] {
    return this.node
      .findAll()
      .filter((child) => child instanceof CfnEIP)
      .map(({ attrPublicIp }) => attrPublicIp);
  }
}

const zoneNames = (zoneCount: number) => Array.from({ length: zoneCount }, (_, index) => `Zone${index + 1}`);

/** How many bits of an address are the host's in each subnet: what is left of 32 by the plan's prefix lengths. */
function subnetBits(vpcPrefixLength: number): { Private: string; Public: string } {
  const slotBits = Math.log2(zoneSlots(vpcPrefixLength));
  const bits = (share: number) => String(32 - (vpcPrefixLength + share + slotBits));
  return { Private: bits(1), Public: bits(2) };
}

function put(subnets: readonly ISubnet[], property: string, value: (zone: number) => unknown): void {
  for (const [zone, subnet] of subnets.entries()) {
    const child = subnet.node.defaultChild;
    if (child instanceof CfnResource) child.addPropertyOverride(property, value(zone));
  }
}
