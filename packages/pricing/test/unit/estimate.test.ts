import { isJenkinsAwsError } from '@jenkins-aws/core';
import { describe, expect, it } from 'vitest';
import { estimateMonthlyCost, PRICE_TABLE, USAGE_ASSUMPTIONS } from '../../src/index.js';
import { controller, estimate, line, network, one } from './templates.js';

describe('a platform in us-east-1', () => {
  // By hand, for 730 hours:
  //   network     public IPv4 of the NAT gateway  730 × 0.005       =   3.65
  //               NAT gateway                     730 × 0.045       =  32.85
  //               NAT gateway data                 20 × 0.045       =   0.90
  //   controller  m7i.large                       730 × 0.1008      =  73.584  → 73.58
  //               gp3, 30 GiB                      30 × 0.08        =   2.40
  //               load balancer                   730 × 0.0225      =  16.425  → 16.43
  //               0.1 LCU                          73 × 0.008       =   0.584  →  0.58
  //               public IPv4, two subnets       1460 × 0.005       =   7.30
  //               EFS                              40 × 0.30        =  12.00
  //               EFS read                         50 × 0.03        =   1.50
  //               EFS write                        20 × 0.06        =   1.20
  //               two alarms                        2 × 0.10        =   0.20
  //               logs written                      1 × 0.50        =   0.50
  //               logs kept                         3 × 0.03        =   0.09
  //               e-mails                         100 × 2 / 100 000 =   0.002  →  0.00
  //   37.40 + 115.78                                                = 153.18
  const platform = estimate([network, controller], 'us-east-1', { homeStorageGiB: 40 });

  it('costs what a calculation by hand gives', () => {
    expect(
      platform.lines.map((item) => [item.stack, item.what, item.quantity, item.unitPrice, item.monthlyCost]),
    ).toEqual([
      ['network', 'public IPv4 address', 730, 0.005, 3.65],
      ['network', 'NAT gateway', 730, 0.045, 32.85],
      ['network', 'NAT gateway data', 20, 0.045, 0.9],
      ['controller', 'instance m7i.large', 730, 0.1008, 73.58],
      ['controller', 'volume gp3', 30, 0.08, 2.4],
      ['controller', 'application load balancer', 730, 0.0225, 16.43],
      ['controller', 'application load balancer capacity', 73, 0.008, 0.58],
      ['controller', 'public IPv4 address', 1460, 0.005, 7.3],
      ['controller', 'EFS storage', 40, 0.3, 12],
      ['controller', 'EFS elastic read', 50, 0.03, 1.5],
      ['controller', 'EFS elastic write', 20, 0.06, 1.2],
      ['controller', 'alarm', 2, 0.1, 0.2],
      ['controller', 'log group, written', 1, 0.5, 0.5],
      ['controller', 'log group, kept', 3, 0.03, 0.09],
      ['controller', 'SNS e-mail', 100, 0.00002, 0],
    ]);
    expect(platform.totalMonthly).toBe(153.18);
    expect(platform.unknownCount).toBe(0);
  });

  it('names source and date of each price, and the assumption of each usage line', () => {
    expect(line(platform, 'instance m7i.large')).toMatchObject({
      source: 'karpenter',
      sourceDate: '2026-07-20',
      kind: 'fixed',
    });
    expect(line(platform, 'EFS storage')).toMatchObject({ kind: 'usage', assumption: 'homeStorageGiB' });
    for (const item of platform.lines) expect(item.kind === 'usage').toBe(item.assumption !== undefined);
  });

  it('makes one line of equal things and keeps their ids', () => {
    expect(line(platform, 'alarm').logicalIds).toEqual(['CpuAlarm', 'StatusAlarm']);
  });

  it('lists the assumptions that its lines rest on, and only those', () => {
    const names = platform.assumptions.map(({ name }) => name);
    expect(names).toContain('hoursPerMonth');
    expect(names).not.toContain('kmsRequests');
    expect(platform.assumptions.find(({ name }) => name === 'homeStorageGiB')).toMatchObject({
      value: 40,
      isDefault: false,
    });
  });

  it('counts what has no charge of its own, with the reason', () => {
    expect(platform.free).toContainEqual({
      type: 'AWS::EC2::Subnet',
      reason: expect.stringContaining('VPC'),
      count: 2,
    });
  });

  it('shows the day of the table', () => {
    expect(platform.tableDate).toBe(PRICE_TABLE.date);
  });
});

describe('what is not sourced or not known', () => {
  it('is unknown in a region without a price, and never has the price of another region', () => {
    const frankfurt = estimate([network, controller], 'eu-central-1');
    const balancer = line(frankfurt, 'application load balancer');
    expect(balancer).toMatchObject({ quantity: 730, unitPrice: 'unknown', monthlyCost: 'unknown', source: 'unknown' });
    expect(balancer.note).toContain('no sourced price in eu-central-1');
    expect(frankfurt.unknownCount).toBe(2);
  });

  it.each(['cn-north-1', 'us-gov-west-1', 'eu-north-1'])(
    'is unknown for everything that has a regional price in %s',
    (region) => {
      const result = estimate([network, controller], region);
      expect(result.lines.every(({ monthlyCost }) => monthlyCost === 'unknown')).toBe(true);
      expect(result.totalMonthly).toBe(0);
    },
  );

  it('has no global price outside the partition aws', () => {
    expect(one('AWS::Route53::HostedZone', {}, 'eu-north-1').lines[0]?.monthlyCost).toBe(0.5);
    expect(one('AWS::Route53::HostedZone', {}, 'cn-north-1').lines[0]?.monthlyCost).toBe('unknown');
  });

  it.each(['AWS::RDS::DBInstance', 'Custom::Thing', 'constructor', '__proto__'])(
    'is a line that names the type %s',
    (type) => {
      const [item] = one(type, {}).lines;
      expect(item).toMatchObject({ what: type, monthlyCost: 'unknown', logicalIds: ['Thing'] });
    },
  );

  it('says so where a condition decides whether the resource is made', () => {
    const template = { Resources: { Thing: { Type: 'AWS::EC2::EIP', Condition: 'HasAddress' } } };
    expect(estimate([{ name: 's', template }]).lines[0]?.note).toContain('condition HasAddress');
  });
});

describe('input', () => {
  const problemsOf = (run: () => unknown): readonly { code: string; message: string }[] => {
    try {
      run();
    } catch (error) {
      if (isJenkinsAwsError(error)) return error.problems;
      throw error;
    }
    return [];
  };

  it('fails with every problem at once', () => {
    const problems = problemsOf(() =>
      estimateMonthlyCost({
        templates: [
          { name: 'none', template: {} },
          { name: 'odd', template: { Resources: { Thing: { Properties: {} } } } },
        ],
        region: 'mars-1',
        usage: { lcuAverage: -1, homeStorageGb: 3 } as never,
      }),
    );
    expect(problems.map(({ code }) => code)).toEqual([
      'PRICING_REGION_INVALID',
      'PRICING_TEMPLATE_INVALID',
      'PRICING_TEMPLATE_INVALID',
      'PRICING_USAGE_INVALID',
      'PRICING_USAGE_INVALID',
    ]);
    expect(problems[0]?.message).toContain("'mars-1'");
    expect(problems[4]?.message).toContain('homeStorageGiB');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '20', -0.1, 1e10])('fails for a usage of %s', (value) => {
    const problems = problemsOf(() => estimate([], 'us-east-1', { homeStorageGiB: value as number }));
    expect(problems).toHaveLength(1);
  });

  it('fails for more hours than the longest month has', () => {
    expect(problemsOf(() => estimate([], 'us-east-1', { hoursPerMonth: 745 }))).toHaveLength(1);
  });
});

describe('usage assumptions', () => {
  it('each say their unit and meaning', () => {
    for (const assumption of Object.values(USAGE_ASSUMPTIONS)) {
      expect(assumption.unit).not.toBe('');
      expect(assumption.description).not.toBe('');
    }
  });
});
