import type { Leftover } from '@jenkins-aws/operations';
import { describe, expect, it } from 'vitest';
import { priceLeftovers } from '../../src/plan/price-leftovers.js';

const leftover = (type: string, more: Partial<Leftover> = {}): Leftover => ({
  type,
  id: 'left',
  master: undefined,
  stackName: undefined,
  sizeGiB: undefined,
  createdAt: undefined,
  properties: {},
  holdsData: false,
  ...more,
});
const costOf = (each: Leftover) => priceLeftovers([each], 'us-east-1').leftovers[0]?.monthlyCost;

describe('priceLeftovers', () => {
  it('prices what is stored by its real size, without traffic', () => {
    // us-east-1: EFS 0.30, gp3 0.08, S3 0.023, logs 0.03, EFS backups 0.05 USD a GB-month.
    expect(costOf(leftover('AWS::EFS::FileSystem', { sizeGiB: 100, properties: { ThroughputMode: 'elastic' } }))).toBe(
      30,
    );
    expect(costOf(leftover('AWS::EC2::Volume', { sizeGiB: 100, properties: { VolumeType: 'gp3', Size: 100 } }))).toBe(
      8,
    );
    expect(costOf(leftover('AWS::S3::Bucket', { sizeGiB: 100 }))).toBe(2.3);
    expect(costOf(leftover('AWS::Logs::LogGroup', { sizeGiB: 100 }))).toBe(3);
    expect(costOf(leftover('AWS::Backup::RecoveryPoint', { sizeGiB: 100 }))).toBe(5);
  });

  it('prices what runs by the hour, and nothing for what is free or charged as its parts', () => {
    expect(costOf(leftover('AWS::EC2::NatGateway'))).toBe(32.85);
    expect(costOf(leftover('AWS::EC2::EIP'))).toBe(3.65);
    expect(costOf(leftover('AWS::EC2::Instance', { properties: { InstanceType: 'm7i.large' } }))).toBeGreaterThan(70);
    for (const type of ['AWS::EC2::VPC', 'AWS::IAM::Role', 'AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::Image']) {
      expect(costOf(leftover(type))).toBe(0);
    }
  });

  it('adds up what is known and counts what is not', () => {
    const volume = leftover('AWS::EC2::Volume', { sizeGiB: 10, properties: { VolumeType: 'gp3', Size: 10 } });
    const unknown = [leftover('AWS::EFS::FileSystem'), leftover('lambda:function')];
    const cost = priceLeftovers([volume, volume, ...unknown], 'us-east-1');
    expect([cost.totalMonthly, cost.unknownCount]).toEqual([1.6, 2]);
  });
});
