import { describe, expect, it } from 'vitest';
import { renderDestroyPlan } from '../../src/render/render-destroy-plan.js';

const plan = {
  platform: 'ci',
  where: 'account 111122223333, eu-central-1',
  stacks: [{ stackName: 'jenkins-ci-main-data', status: 'CREATE_COMPLETE' }],
  masters: ['main'],
  logGroups: ['/jenkins-aws/ci/main'],
  data: undefined,
};
const home = {
  type: 'AWS::EFS::FileSystem',
  id: 'fs-1',
  master: 'main',
  stackName: undefined,
  sizeGiB: 12.5,
  createdAt: '2026-03-01T10:00:00.000Z',
  properties: {},
  holdsData: true,
  monthlyCost: 3.75,
};
const bucket = { ...home, type: 'AWS::S3::Bucket', id: 'jenkins-ci-bucket', master: undefined, monthlyCost: 0.02 };

describe('renderDestroyPlan', () => {
  it('says whose logs go, and that the data stays', () => {
    const { text, question } = renderDestroyPlan(plan);
    expect(text).toMatch(/Logs that go with them for good:\n {2}\/jenkins-aws\/ci\/main/);
    expect(question).toBe(
      'Delete this stack, and the logs of main for good? The Jenkins homes and the artifacts stay.',
    );
  });

  it('lists the data with id, size, age and cost, and asks for exactly that', () => {
    const data = { leftovers: [home, bucket], totalMonthly: 3.77, unknownCount: 0, tableDate: '2026-11-01' };
    const { text, question } = renderDestroyPlan({ ...plan, data });
    expect(text).toContain('fs-1  EFS::FileSystem of main, 12.50 GiB, made 2026-03-01, 3.75 USD a month');
    expect(text).toContain('Together about 3.77 USD a month');
    expect(question).toMatch(/for good, with everything in it: fs-1 and jenkins-ci-bucket\?$/);
  });
});
