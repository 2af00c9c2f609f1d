import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../src/errors.js';
import { addressCount, cidrsOverlap, containsCidr, formatCidr, parseCidr } from '../../src/plan/cidr.js';
import { planSubnets, zoneSlots } from '../../src/plan/plan-subnets.js';

const vpc = fc
  .record({ prefixLength: fc.integer({ min: 16, max: 24 }), second: fc.nat(255), third: fc.nat(255) })
  .map(({ prefixLength, second, third }) => {
    const address = 10 * 2 ** 24 + second * 2 ** 16 + third * 2 ** 8;
    const size = addressCount(prefixLength);
    return formatCidr({ address: Math.floor(address / size) * size, prefixLength });
  });
const vpcAndZones = vpc.chain((cidr) =>
  fc.record({
    cidr: fc.constant(cidr),
    zoneCount: fc.integer({ min: 2, max: Math.min(6, zoneSlots(Number(cidr.split('/')[1]))) }),
  }),
);
const read = (text: string) => parseCidr(text) ?? expect.fail(`${text} is no CIDR`);
const subnetsOf = (plan: ReturnType<typeof planSubnets>) =>
  plan.zones.flatMap(({ publicCidr, privateCidr }) => [publicCidr, privateCidr]).map(read);

describe('planSubnets', () => {
  it('gives every zone two subnets inside the VPC that overlap neither each other nor the spare range', () => {
    fc.assert(
      fc.property(vpcAndZones, (options) => {
        const plan = planSubnets(options);
        const ranges = [...subnetsOf(plan), read(plan.spareCidr)];
        expect(ranges).toHaveLength(options.zoneCount * 2 + 1);
        for (const [index, range] of ranges.entries()) {
          expect(containsCidr(read(options.cidr), range)).toBe(true);
          for (const other of ranges.slice(index + 1)) expect(cidrsOverlap(range, other)).toBe(false);
        }
      }),
    );
  });

  it('leaves a load balancer its /27 in every public subnet', () => {
    fc.assert(
      fc.property(vpcAndZones, (options) => {
        for (const { publicCidr, privateCidr } of planSubnets(options).zones) {
          expect(read(publicCidr).prefixLength).toBeLessThanOrEqual(27);
          expect(read(privateCidr).prefixLength).toBeLessThan(read(publicCidr).prefixLength);
        }
      }),
    );
  });

  it('moves no subnet when a zone is added', () => {
    fc.assert(
      fc.property(vpcAndZones, ({ cidr, zoneCount }) => {
        const all = planSubnets({ cidr, zoneCount }).zones;
        const fewer = planSubnets({ cidr, zoneCount: 2 }).zones;
        expect(all.slice(0, 2)).toEqual(fewer);
      }),
    );
  });

  it('cuts a /16 as documented', () => {
    expect(planSubnets({ cidr: '10.0.0.0/16', zoneCount: 2 })).toEqual({
      cidr: '10.0.0.0/16',
      zones: [
        { privateCidr: '10.0.0.0/20', publicCidr: '10.0.128.0/21' },
        { privateCidr: '10.0.16.0/20', publicCidr: '10.0.136.0/21' },
      ],
      spareCidr: '10.0.192.0/18',
    });
  });

  it.each([
    ['10.0.0.0/29', 2, 'NETWORK_CIDR_SIZE'],
    ['10.0.0.0/8', 2, 'NETWORK_CIDR_SIZE'],
    ['8.8.0.0/16', 2, 'NETWORK_CIDR_PUBLIC'],
    ['10.0.0.1/16', 2, 'NETWORK_CIDR_INVALID'],
    ['10.0.0/16', 2, 'NETWORK_CIDR_INVALID'],
    ['10.0.0.256/24', 2, 'NETWORK_CIDR_INVALID'],
    ['10.0.0.0/16', 7, 'NETWORK_ZONES_INVALID'],
    ['10.0.0.0/16', 1, 'NETWORK_ZONES_INVALID'],
    ['10.0.0.0/24', 3, 'NETWORK_ZONES_INVALID'],
  ])('fails for %s over %i zones with %s', (cidr, zoneCount, code) => {
    const attempt = () => planSubnets({ cidr, zoneCount });
    expect(attempt).toThrowError(NetworkError);
    try {
      attempt();
    } catch (error) {
      expect((error as NetworkError).problems.map((problem) => problem.code)).toContain(code);
    }
  });
});

describe('parseCidr and formatCidr', () => {
  it('undo each other', () => {
    fc.assert(
      fc.property(vpc, (cidr) => {
        expect(formatCidr(read(cidr))).toBe(cidr);
      }),
    );
  });

  it.each(['', '10.0.0.0', '10.0.0.0/33', '010.0.0.0/8', '10.0.0.0/16 ', '::/0', '10.0.0.0/-1'])(
    'fails for %j',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );
});
