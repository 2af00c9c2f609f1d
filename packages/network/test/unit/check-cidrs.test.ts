import { describe, expect, it } from 'vitest';
import type { NetworkError } from '../../src/errors.js';
import { networkOptionsSchema } from '../../src/options/network-options.js';
import { resolveNetworkOptions } from '../../src/options/resolve-network-options.js';
import { checkAllowedCidrs, checkVpcCidr } from '../../src/plan/check-cidrs.js';

const codes = (problems: readonly { code: string }[]) => problems.map(({ code }) => code);

describe('checkVpcCidr', () => {
  it('accepts a private range that nothing reserved overlaps', () => {
    expect(checkVpcCidr('10.1.0.0/16', ['10.0.0.0/16', '192.168.0.0/16'])).toEqual([]);
  });

  it('fails when a reserved range contains the VPC or lies in it', () => {
    expect(codes(checkVpcCidr('10.1.0.0/16', ['10.0.0.0/8']))).toEqual(['NETWORK_CIDR_OVERLAP']);
    expect(codes(checkVpcCidr('10.1.0.0/16', ['10.1.200.0/24']))).toEqual(['NETWORK_CIDR_OVERLAP']);
  });

  it('fails with every problem at once', () => {
    expect(codes(checkVpcCidr('9.0.0.0/8', ['x', '9.1.0.0/16']))).toEqual([
      'NETWORK_CIDR_INVALID',
      'NETWORK_CIDR_SIZE',
      'NETWORK_CIDR_PUBLIC',
      'NETWORK_CIDR_OVERLAP',
    ]);
  });
});

describe('checkAllowedCidrs', () => {
  it('accepts offices and a VPN side by side', () => {
    expect(checkAllowedCidrs(['203.0.113.0/24', '198.51.100.7/32'])).toEqual([]);
  });

  it.each([[['0.0.0.0/0']], [['0.0.0.0/1']], [['64.0.0.0/7']]])(
    'fails for %j, the internet or a large part of it',
    (ranges) => {
      expect(codes(checkAllowedCidrs(ranges))).toEqual(['NETWORK_CIDR_WORLD']);
    },
  );

  it('fails when one range is part of another, in either order', () => {
    const problems = [
      ['10.0.0.0/8', '10.1.0.0/16'],
      ['10.1.0.0/16', '10.0.0.0/8'],
    ].map((list) => checkAllowedCidrs(list));
    for (const [problem] of problems) {
      expect(problem).toMatchObject({ code: 'NETWORK_CIDR_OVERLAP', path: ['allowedCidrs', 1] });
      expect(problem?.message).toBe("'10.1.0.0/16' is already part of '10.0.0.0/8'; remove one of them");
    }
  });
});

describe('resolveNetworkOptions', () => {
  it('fails with the code of each problem', () => {
    const options = { cidr: '8.8.0.0/16', availabilityZones: 6, reservedCidrs: ['8.0.0.0/8'] };
    try {
      resolveNetworkOptions(options);
      expect.fail('accepted');
    } catch (error) {
      expect(codes((error as NetworkError).problems)).toEqual(['NETWORK_CIDR_PUBLIC', 'NETWORK_CIDR_OVERLAP']);
    }
  });
});

describe('networkOptionsSchema', () => {
  it('fills in the defaults', () => {
    expect(networkOptionsSchema.parse({})).toEqual({
      cidr: '10.0.0.0/16',
      availabilityZones: 2,
      nat: 'one',
      reservedCidrs: [],
    });
  });

  it('fails for more named zones than the range has room for', () => {
    const named = { cidr: '10.0.0.0/24', availabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] };
    expect(networkOptionsSchema.safeParse(named).error?.issues[0]?.message).toContain('has room for 2');
  });
});
