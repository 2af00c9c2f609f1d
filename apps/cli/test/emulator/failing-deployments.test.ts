import { clearFaults, type FaultRule, setFaults } from '@jenkins-aws/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configText, failureOf, type Rehearsal, startRehearsal } from '../support/rehearsal.js';
import type { CliRun } from '../support/run-cli.js';

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(async () => rehearsal?.[Symbol.asyncDispose]());

const breakIt = (...rules: FaultRule[]) => setFaults({ ...rehearsal.emulator.location, rules });
const mendIt = () => clearFaults(rehearsal.emulator.location);
const denied = (service: string, operation: string): FaultRule => ({
  service,
  operation,
  rate: 1,
  error: 'AccessDenied',
});
const lastOf = ({ events }: CliRun) => JSON.stringify(events.at(-1));
const stacksIn = async () =>
  (await rehearsal.snapshot()).stacks?.map((stack) => (stack as { StackName: string }).StackName);

describe('a deploy in which a resource fails', () => {
  it('fails in a first deploy with the resource and what AWS said, and leaves nothing of the stack', async () => {
    await breakIt(denied('elasticloadbalancing', 'CreateLoadBalancer'));
    const failed = await rehearsal.run(['deploy', configText(), '--yes']);
    expect(failed.code).toBe(1);
    expect(failed.events.at(-1)?.code).toBe('DEPLOYMENT_STACK_FAILED');
    expect(lastOf(failed)).toMatch(/ControllerLoadBalancer/);
    expect(lastOf(failed)).toMatch(/elasticloadbalancing:CreateLoadBalancer/);
    expect(lastOf(failed)).not.toMatch(/Resource creation cancelled/i);
    const snapshot = await rehearsal.snapshot();
    expect(await stacksIn()).not.toContain('jenkins-ci-main-controller');
    for (const kind of ['loadBalancers', 'groups', 'instances', 'launchTemplates', 'roles', 'alarms', 'topics']) {
      expect(snapshot[kind], kind).toEqual([]);
    }
  });

  it('goes through by the same command when the cause is gone', async () => {
    await mendIt();
    expect(failureOf(await rehearsal.run(['deploy', configText(), '--yes']))).toBeUndefined();
    expect(await stacksIn()).toContain('jenkins-ci-main-controller');
  });

  it('fails in an update with the resource and what AWS said, and all is as it was before', async () => {
    const before = await rehearsal.snapshot();
    await breakIt(denied('cloudwatch', 'PutMetricAlarm'));
    const failed = await rehearsal.run(['deploy', configText({ cpuPercent: 70 }), '--yes']);
    await mendIt();
    expect([failed.code, failed.events.at(-1)?.code]).toEqual([1, 'DEPLOYMENT_STACK_FAILED']);
    expect(lastOf(failed)).toMatch(/ControllerAlarmscpu/);
    expect(lastOf(failed)).toMatch(/cloudwatch:PutMetricAlarm/);
    expect(await rehearsal.snapshot()).toEqual(before);
    expect(failureOf(await rehearsal.run(['deploy', configText({ cpuPercent: 70 }), '--yes']))).toBeUndefined();
  });
});

describe('a rollback that fails, too', () => {
  it('fails with the resource and the way out, again at the next deploy, until it is continued as asked', async () => {
    await breakIt(denied('logs', 'PutRetentionPolicy'), {
      ...denied('elasticfilesystem', 'UpdateFileSystem'),
      during: 'rollback',
    });
    const wanted = configText({ throughput: 'bursting', logRetentionDays: 30 });
    const failed = await rehearsal.run(['deploy', wanted, '--yes']);
    expect([failed.code, failed.events.at(-1)?.code]).toEqual([1, 'DEPLOYMENT_STACK_FAILED']);
    expect(lastOf(failed)).toMatch(/UPDATE_ROLLBACK_FAILED/);

    const stuck = await rehearsal.run(['deploy', wanted, '--yes']);
    expect([stuck.code, stuck.events.at(-1)?.code]).toEqual([1, 'DEPLOYMENT_STACK_STUCK']);
    expect(lastOf(stuck)).toMatch(/Home[0-9A-F]{8}/);
    expect(lastOf(stuck)).toMatch(/--continue-rollback/);
    const resource = /Home[0-9A-F]{8}/.exec(lastOf(stuck))?.[0];

    const other = ['--continue-rollback', '--skip-resource', 'jenkins-ci-main-data/Logs'];
    expect((await rehearsal.run(['deploy', wanted, '--yes', ...other])).code).toBe(1);

    const skip = ['--continue-rollback', '--skip-resource', `jenkins-ci-main-data/${resource}`];
    const continued = await rehearsal.run(['deploy', configText({ cpuPercent: 70 }), '--yes', ...skip]);
    await mendIt();
    expect(failureOf(continued)).toBeUndefined();
    expect(failureOf(await rehearsal.run(['deploy', wanted, '--yes']))).toBeUndefined();
  });
});

describe('a deploy as another role', () => {
  it('works in the account of the role, and fails before any call when it is no role', async () => {
    const role = 'arn:aws:iam::210987654321:role/deployer';
    const run = await rehearsal.run(['destroy', configText(), '--yes', '--assume-role', role]);
    expect(failureOf(run)).toBeUndefined();
    expect(run.events.find(({ code }) => code === 'cli.target.found')?.data).toMatchObject({ account: '210987654321' });
    const wrong = await rehearsal.run(['status', configText(), '--assume-role', 'deployer']);
    expect([wrong.code, wrong.events.at(-1)?.code]).toEqual([2, 'CLI_USAGE']);
  });
});
