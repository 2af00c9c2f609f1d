import { describe, expect, it } from 'vitest';
import { formatCostEstimate } from '../../src/index.js';
import { controller, estimate, network, one } from './templates.js';

describe('printed estimate', () => {
  it('shows quantity × price = cost, marks, total, notes, assumptions and dates', () => {
    const group = { name: 'controller', template: controller.template };
    expect(
      formatCostEstimate(estimate([network, group], 'eu-central-1', { homeStorageGiB: 40 })),
    ).toMatchInlineSnapshot(`
      "monthly cost on AWS in eu-central-1, USD

      network
        public IPv4 address                  730 hour         ×   0.005 =    3.65
        NAT gateway                          730 hour         ×   0.052 =   37.96
        NAT gateway data                      20 GB           ×   0.052 =    1.04  a
      controller
        instance m7i.large                   730 hour         × 0.12075 =   88.15  1
        volume gp3                            30 GB-month     ×  0.0952 =    2.86
        application load balancer            730 hour         × unknown = unknown  2
        application load balancer capacity    73 LCU-hour     × unknown = unknown  b 2
        public IPv4 address                 1460 hour         ×   0.005 =    7.30
        EFS storage                           40 GB-month     ×    0.36 =   14.40  c
        EFS elastic read                      50 GB           ×    0.04 =    2.00  d
        EFS elastic write                     20 GB           ×    0.07 =    1.40  e
        alarm                                  2 alarm-month  ×     0.1 =    0.20
        log group, written                     1 GB           ×    0.63 =    0.63  f
        log group, kept                        3 GB-month     ×  0.0324 =    0.10  g
        SNS e-mail                           100 notification × 0.00002 =    0.00  h
        total a month                                                      159.69  plus 2 unknown

      1  Linux, on demand
      2  no sourced price in eu-central-1

      assumptions
         hoursPerMonth       730 hour hours that everything runs in a month
      a  natProcessedGiB     20 GiB through each NAT gateway in a month
      b  lcuAverage          0.1 LCU average capacity units of each load balancer
      c  homeStorageGiB      40 GiB data in each EFS file system (given)
      d  homeReadGiB         50 GiB read from each elastic EFS file system in a month
      e  homeWrittenGiB      20 GiB written to each elastic EFS file system in a month
      f  logsIngestedGiB     1 GiB written to each log group in a month
      g  logsStoredGiB       3 GiB kept in each log group
      h  notificationEmails  100 notification sent to each e-mail subscription in a month

      6 more resources have no charge of their own
      price table of 2026-11-24, prices of these lines from 2022-09-03 to 2025-11-04
      each line is rounded to a cent, the total is the sum of the lines that are known
      not included: taxes, free tier, discounts, data transfer between zones and to the internet"
    `);
  });

  it('leaves out what an estimate does not have', () => {
    expect(formatCostEstimate(one('AWS::EC2::VPC', {}))).toMatchInlineSnapshot(`
      "monthly cost on AWS in us-east-1, USD

        total a month                0.00

      1 more resources have no charge of their own
      price table of 2026-11-24
      each line is rounded to a cent, the total is the sum of the lines that are known
      not included: taxes, free tier, discounts, data transfer between zones and to the internet"
    `);
  });

  it('shortens long names and takes the control characters out of them', () => {
    const name = `\u001b[31m${'very-long-stack-name-'.repeat(10)}`;
    const template = { Resources: { Thing: { Type: `Custom::${'LongType'.repeat(20)}` } } };
    const rows = formatCostEstimate(estimate([{ name, template }])).split('\n');
    expect(rows[2]).toMatch(/^\?\[31mvery-long-stack-name-.*…$/);
    expect(rows[3]).toMatch(/^ {2}Custom::LongType.*… {2}1 resource-month × unknown = unknown {2}1$/);
    expect(Math.max(...rows.map((row) => row.length))).toBe(110);
  });
});
