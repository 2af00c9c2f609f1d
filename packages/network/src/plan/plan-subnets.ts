import { listProblems, type Problem } from '@jenkins-aws/core';
import { NetworkError } from '../errors.js';
import { checkVpcCidr, SMALLEST_VPC_PREFIX } from './check-cidrs.js';
import { addressCount, formatCidr, parseCidr } from './cidr.js';

/** One availability zone's share of the VPC. */
export interface ZoneSubnets {
  /** For the load balancer and NAT gateway: a quarter of the VPC, divided among the zone slots. */
  readonly publicCidr: string;
  /** For the controller, its home and workers: half of the VPC, divided among the zone slots. */
  readonly privateCidr: string;
}

export interface SubnetPlan {
  readonly cidr: string;
  readonly zones: readonly ZoneSubnets[];
  /** The last quarter of the VPC, which no subnet uses: room for what comes later. */
  readonly spareCidr: string;
}

export interface PlanSubnetsOptions {
  /** The VPC's range, /16 to /24, private. */
  readonly cidr: string;
  /** 2–6, at most as many as the range has room for. */
  readonly zoneCount: number;
}

/**
 * How many zones a VPC of this prefix length has room for: 8 down to /22, 4 in a /23, 2 in a /24. It follows from the
 * smallest public subnet, a /27: a load balancer wants 8 free addresses, AWS keeps 5 of each subnet.
 */
export function zoneSlots(prefixLength: number): number {
  return Math.min(8, 2 ** (25 - prefixLength));
}

/** What is wrong with a number of zones in a VPC of this range. */
export function checkZoneCount(cidr: string, zoneCount: number, path: Problem['path'] = ['zoneCount']): Problem[] {
  const code = 'NETWORK_ZONES_INVALID';
  if (!Number.isInteger(zoneCount) || zoneCount < 2 || zoneCount > 6) {
    return [{ code, message: `must be 2 to 6 availability zones, got ${zoneCount}`, path }];
  }
  const prefixLength = parseCidr(cidr)?.prefixLength;
  // A range of a wrong size is reported as that.
  if (prefixLength === undefined || prefixLength > SMALLEST_VPC_PREFIX) return [];
  if (zoneCount <= zoneSlots(prefixLength)) return [];
  const message = `'${cidr}' has room for ${zoneSlots(prefixLength)} availability zones, got ${zoneCount}; use a /22 or larger`;
  return [{ code, message, path }];
}

/**
 * Cuts one private and one public subnet per zone from the VPC's range. Pure and stable: where a subnet lies depends
 * on the range and on the zone's position only, so adding a zone moves no other subnet.
 *
 * @throws NetworkError `NETWORK_OPTIONS_INVALID` with every problem of the range and of the number of zones
 */
export function planSubnets({ cidr, zoneCount }: PlanSubnetsOptions): SubnetPlan {
  const problems = [...checkVpcCidr(cidr), ...checkZoneCount(cidr, zoneCount)];
  const vpc = parseCidr(cidr);
  if (problems.length > 0 || vpc === undefined) {
    throw new NetworkError('NETWORK_OPTIONS_INVALID', listProblems(problems), { problems });
  }
  const slotBits = Math.log2(zoneSlots(vpc.prefixLength));
  const part = (offset: number, prefixLength: number, index = 0) =>
    formatCidr({ address: vpc.address + offset + index * addressCount(prefixLength), prefixLength });
  const half = addressCount(vpc.prefixLength + 1);
  return {
    cidr,
    zones: Array.from({ length: zoneCount }, (_, index) => ({
      privateCidr: part(0, vpc.prefixLength + 1 + slotBits, index),
      publicCidr: part(half, vpc.prefixLength + 2 + slotBits, index),
    })),
    spareCidr: part(half + half / 2, vpc.prefixLength + 2),
  };
}
