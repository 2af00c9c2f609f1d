import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BootOptions } from '../../src/boot/boot-options.js';
import { BOOT_STEPS } from '../../src/boot/boot-steps.js';
import { renderBoot } from '../../src/boot/render-boot.js';
import { debianRoot, missingForExecution } from './debian-root.js';
import { ACCESS_POINT_UID, Machine } from './machine.js';

const missing = missingForExecution();
if (missing !== undefined) console.warn(`SKIPPED: the boot is not executed, because ${missing}`);

const OPTIONS: BootOptions = {
  jenkinsVersion: '2.568.2',
  region: 'eu-central-1',
  stackName: 'jenkins-ci-main-controller',
  signalLogicalId: 'ControllerGroup',
  fileSystemId: 'fs-0123456789abcdef0',
  accessPointId: 'fsap-0123456789abcdef0',
  logGroupName: '/jenkins-aws/ci/main',
  jenkinsUid: ACCESS_POINT_UID,
};
const SUCCESS =
  '--stack jenkins-ci-main-controller --resource ControllerGroup --region eu-central-1 --id i-0123456789abcdef0 --exit-code 0';

const machines: Machine[] = [];
function launch(options: Partial<BootOptions> = {}, home?: string): Machine {
  return keep(Machine.launch(renderBoot({ ...OPTIONS, ...options }).userData, home));
}
/** A boot with a value that `renderBoot` would refuse: the scripts must hold by themselves. */
function launchAltered(name: string, value: number): Machine {
  return launchReplaced(new RegExp(`^${name}=.*$`, 'm'), `${name}='${value}'`);
}
function launchReplaced(text: string | RegExp, by: string): Machine {
  const { userData } = renderBoot(OPTIONS);
  const altered = userData.replace(text, by);
  expect(altered).not.toBe(userData);
  return keep(Machine.launch(altered));
}
function keep(machine: Machine): Machine {
  machines.push(machine);
  return machine;
}

if (missing !== undefined && process.env.CI === 'true') {
  it('the boot is executed in CI', () => {
    expect(missing).toBeUndefined();
  });
}

describe.skipIf(missing !== undefined)('the boot', () => {
  beforeAll(() => {
    debianRoot();
  });
  afterEach(() => {
    for (const machine of machines.splice(0)) machine.discard();
  });

  it('makes a bare instance a controller and signals success once', async () => {
    const machine = launch();
    machine.set('unhealthy-answers', 3);
    expect(await machine.powerOn()).toBe(0);

    expect(machine.signals()).toEqual([SUCCESS]);
    expect(machine.jenkinsStarts()).toEqual(['on the home']);
    expect(machine.read('etc/passwd')).toMatch(/^jenkins:x:1500:1500::\/var\/lib\/jenkins:\/usr\/sbin\/nologin$/m);
    expect(machine.read('etc/fstab')).toBe(
      'UUID=1234 / xfs defaults,noatime 1 1\nfs-0123456789abcdef0 /var/lib/jenkins efs _netdev,hard,noatime,tls,iam,accesspoint=fsap-0123456789abcdef0 0 0\n',
    );
    const override = machine.read('etc/systemd/system/jenkins.service.d/10-jenkins-aws.conf');
    expect(override).toContain('TimeoutStartSec=600\n');
    expect(override).toContain('-XX:MaxRAMPercentage=60 ');
    expect(override).not.toContain('@');
    const agent = JSON.parse(machine.read('etc/jenkins-aws/cloudwatch.json'));
    for (const file of agent.logs.logs_collected.files.collect_list)
      expect(file.log_group_name).toBe('/jenkins-aws/ci/main');
    for (const unit of ['jenkins', 'amazon-cloudwatch-agent', 'logrotate.timer'])
      expect(machine.isActive(unit)).toBe(true);
    expect(machine.read('var/log/jenkins-aws/boot.log')).toContain('boot complete');
    expect(machine.calls().filter((call) => call.startsWith('dnf'))).toEqual([
      'dnf -y install java-21-amazon-corretto fontconfig amazon-efs-utils amazon-cloudwatch-agent awscli-2 logrotate',
      'dnf -y install jenkins-2.568.2',
    ]);
  });

  it('leaves a complete instance alone at its next start', async () => {
    const machine = launch();
    await machine.powerOn();
    const before = machine.state();
    machine.forgetCalls();
    expect(await machine.powerOn()).toBe(0);
    expect(machine.calls()).toEqual([]);
    expect(machine.state()).toEqual(before);
  });

  it('changes nothing and repeats nothing when all steps run again', async () => {
    const machine = launch();
    await machine.powerOn();
    const before = machine.state();
    machine.forgetCalls();
    machine.forgetCompletion();
    expect(await machine.powerOn()).toBe(0);
    expect(machine.state()).toEqual(before);
    expect(machine.signals()).toEqual([SUCCESS]);
    const changing = /^(dnf|useradd|groupadd|amazon-cloudwatch-agent-ctl|systemctl start)/;
    expect(machine.calls().filter((call) => changing.test(call))).toEqual([]);
  });

  it('takes over the home of a former instance', async () => {
    const former = launch();
    await former.powerOn();
    const machine = launch({}, former.home);
    machine.set('stack-does-not-wait');
    expect(await machine.powerOn()).toBe(0);
    expect(machine.jenkinsStarts()).toEqual(['on the home']);
    expect(machine.signals()).toEqual([]);
    expect(machine.exists('var/lib/jenkins-aws/boot.done')).toBe(true);
  });

  it('reaches the same state when the power is cut before or after any call of any step', async () => {
    const whole = launch();
    whole.set('other-instance', 1);
    await whole.powerOn();
    const expected = whole.state();
    const calls = whole.calls();
    for (const { name } of BOOT_STEPS) expect(calls.some((call) => call.includes(`steps/${name}.sh`))).toBe(true);

    // A cut around a call that only looks is a cut after the one before it. A file is whole, but has its name only
    // after `sync`.
    const looks = /^(rpm|curl|findmnt|sleep|systemctl is-)/;
    const cuts = calls.flatMap((call, index) =>
      (looks.test(call) ? [] : call.startsWith('sync') ? ['before'] : ['before', 'after']).map((when) => ({
        call,
        at: index + 1,
        when,
      })),
    );
    expect(cuts.length).toBeGreaterThan(40);
    const fresh = launch();
    fresh.set('other-instance', 1);
    fresh.set('stop-after-user-data');
    await fresh.powerOn();
    fresh.unset('stop-after-user-data');
    const wrong: string[] = [];
    const next = async (): Promise<void> => {
      for (let cut = cuts.shift(); cut !== undefined; cut = cuts.shift()) {
        const machine = keep(fresh.copy());
        machine.set('kill', `${cut.at} ${cut.when}`);
        const cutOff = (await machine.powerOn()) === undefined;
        machine.unset('kill');
        const code = await machine.powerOn();
        const label = `${cut.when} call ${cut.at}: ${cut.call}`;
        if (!cutOff) wrong.push(`${label}: the power was not cut`);
        if (code !== 0) wrong.push(`${label}: exit code ${code}`);
        if (machine.signals().join() !== SUCCESS) wrong.push(`${label}: signals ${machine.signals()}`);
        if (machine.jenkinsStarts().some((start) => start !== 'on the home'))
          wrong.push(`${label}: ${machine.jenkinsStarts()}`);
        const state = machine.state();
        const differing = [...new Set([...Object.keys(expected), ...Object.keys(state)])].filter(
          (path) => expected[path] !== state[path],
        );
        if (differing.length > 0) wrong.push(`${label}: differs in ${differing}`);
        machine.discard();
      }
    };
    await Promise.all([next(), next(), next()]);
    expect(wrong).toEqual([]);
  });

  it('goes on when the repository answers at the third try', async () => {
    const machine = launch();
    machine.set('dnf-fails', 2);
    expect(await machine.powerOn()).toBe(0);
    expect(machine.calls().filter((call) => call.startsWith('sleep'))).toEqual(['sleep 5', 'sleep 10']);
    expect(machine.signals()).toEqual([SUCCESS]);
  });

  it('goes on when CloudFormation answers at the second try', async () => {
    const machine = launch();
    machine.set('signal-fails', 1);
    expect(await machine.powerOn()).toBe(0);
    expect(machine.signals()).toEqual([SUCCESS]);
  });

  it.each([
    'ValidationError: Stack:arn:aws:cloudformation:x is in CREATE_COMPLETE state and can not be signaled',
    'ValidationError: Stack arn:aws:cloudformation:x is in UPDATE_ROLLBACK_COMPLETE state and cannot be signaled',
    'ValidationError: Resource ControllerGroup is in CREATE_COMPLETE state and cannot be signaled',
  ])('is complete when nobody waits for its signal: %s', async (answer) => {
    const machine = launch();
    machine.set('signal-refused', answer);
    expect(await machine.powerOn()).toBe(0);
    expect(machine.calls().filter((call) => call.startsWith('cfn-signal'))).toHaveLength(1);
  });

  it.each([
    ['the repository was away', 'dnf-fails', 6],
    ['the mount was refused', 'mount-fails', 5],
    ['Jenkins died', 'jenkins-dies', 1],
  ])('is tried again by systemd, and completes once it can, after a try when %s', async (_, what, times) => {
    const machine = launch();
    machine.set(what, times);
    machine.set('restarts', 1);
    machine.set('unhealthy-answers', 1);
    expect(await machine.powerOn()).toBe(0);
    expect(machine.read('var/log/jenkins-aws/boot.log').match(/step \S+ failed/g)).toHaveLength(1);
    // The deployment has failed with the first try: what comes later is for nobody's count.
    expect(machine.signals()).toEqual([SUCCESS.replace('--exit-code 0', '--exit-code 1')]);
    expect(new Set(machine.jenkinsStarts())).toEqual(new Set(['on the home']));
    expect(machine.exists('var/lib/jenkins-aws/boot.done')).toBe(true);
  });

  it('is tried again with the whole time when a try has used it up', async () => {
    const machine = launchAltered('BOOT_TIMEOUT_SECONDS', 95);
    machine.set('dnf-hangs', 1);
    machine.set('restarts', 1);
    expect(await machine.powerOn()).toBe(0);
    expect(machine.read('var/log/jenkins-aws/boot.log')).toContain('the time for the whole boot, 95 s, is over');
    expect(machine.exists('var/lib/jenkins-aws/boot.done')).toBe(true);
  });

  it('mounts the home only when the other instance of its group has gone, and says once whom it waits for', async () => {
    const machine = launch();
    machine.set('other-instance', 4);
    expect(await machine.powerOn()).toBe(0);
    const calls = machine.calls();
    const asked = calls.flatMap((call, index) => (call.startsWith('aws ') ? [index] : []));
    expect(asked).toHaveLength(6);
    expect(calls.indexOf('systemctl start var-lib-jenkins.mount')).toBeGreaterThan(asked.at(-1) ?? Number.NaN);
    expect(calls.filter((call) => call === 'sleep 5')).toHaveLength(4);
    expect(machine.read('var/log/jenkins-aws/boot.log').match(/waiting until .*$/gm)).toEqual([
      'waiting until these have gone: i-0fedcba9876543210 of a-group',
    ]);
    expect(machine.jenkinsStarts()).toEqual(['on the home']);
  });

  it.each([
    ['api-fails', 'that fails'],
    ['api-stale', 'that does not know this instance yet'],
  ])('asks EC2 again after an answer %s', async (what) => {
    const machine = launch();
    machine.set(what, 2);
    machine.set('other-instance', 1);
    expect(await machine.powerOn()).toBe(0);
    expect(machine.calls().filter((call) => call.startsWith('sleep'))).toEqual(['sleep 5', 'sleep 10', 'sleep 5']);
    expect(machine.jenkinsStarts()).toEqual(['on the home']);
  });

  it('waits for nobody in no group', async () => {
    const machine = launch();
    machine.set('group', 'None');
    machine.set('other-instance', 0);
    expect(await machine.powerOn()).toBe(0);
    expect(machine.calls().filter((call) => call.startsWith('aws '))).toHaveLength(1);
    expect(machine.read('var/log/jenkins-aws/boot.log')).toContain('this instance is in no Auto Scaling group');
  });

  it('does not let a package start Jenkins before the home is mounted', async () => {
    const machine = launch();
    machine.set('package-starts-jenkins');
    expect(await machine.powerOn()).toBe(0);
    expect(machine.jenkinsStarts()).toEqual(['refused', 'on the home']);
  });

  it('gives the agent its configuration when it runs with another', async () => {
    const machine = launch();
    await machine.powerOn();
    const used = 'opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.d/file_cloudwatch.json';
    const expected = machine.read(used);
    machine.overwrite(used, '{}');
    machine.forgetCompletion();
    expect(await machine.powerOn()).toBe(0);
    expect(machine.read(used)).toBe(expected);
  });

  it('replaces a line of fstab that mounts another home', async () => {
    const machine = launch();
    await machine.powerOn();
    const expected = machine.read('etc/fstab');
    machine.forgetCompletion();
    machine.overwrite('etc/fstab', expected.replace('fs-0123456789abcdef0', 'fs-9'));
    expect(await machine.powerOn()).toBe(0);
    expect(machine.read('etc/fstab')).toBe(expected);
  });

  describe('fails', () => {
    function failureLine(machine: Machine, step: string): string {
      const line = machine.read('var/log/jenkins-aws/boot.log').match(/^\S+ (step .* failed with .*)$/m)?.[1] ?? '';
      expect(line).toMatch(new RegExp(`^step ${step} failed with exit code \\d+: `));
      return line;
    }

    async function failure(machine: Machine, step: string): Promise<string> {
      expect(await machine.powerOn()).toBe(1);
      expect(machine.signals()).toHaveLength(1);
      expect(machine.signals()[0]).toBe(SUCCESS.replace('--exit-code 0', '--exit-code 1'));
      const reason = failureLine(machine, step);
      expect(machine.read('dev/console')).toBe(`jenkins-aws: ${reason}\n`);
      expect(machine.exists('var/lib/jenkins-aws/boot.done')).toBe(false);
      return reason;
    }

    it('and never starts Jenkins when the home cannot be mounted', async () => {
      const machine = launch();
      machine.set('mount-fails', 99);
      const reason = await failure(machine, '70-mount');
      expect(reason).toContain('could not mount fs-0123456789abcdef0 through fsap-0123456789abcdef0');
      expect(reason).toContain('access denied by server');
      expect(machine.jenkinsStarts()).toEqual([]);
      // The logs of a boot that fails for the platform's fault must leave the instance.
      expect(machine.isActive('amazon-cloudwatch-agent')).toBe(true);
    });

    it('and goes on at the next start once the mount works', async () => {
      const machine = launch();
      machine.set('mount-fails', 99);
      await failure(machine, '70-mount');
      machine.set('mount-fails', 0);
      expect(await machine.powerOn()).toBe(0);
      expect(machine.jenkinsStarts()).toEqual(['on the home']);
    });

    it('when the mount is no network file system', async () => {
      const machine = launch();
      machine.set('mount-type', 'xfs');
      expect(await failure(machine, '70-mount')).toContain('is a mount of type xfs');
      expect(machine.jenkinsStarts()).toEqual([]);
    });

    it('when the access point has another owner than jenkins', async () => {
      const machine = launch({ jenkinsUid: 1600 });
      expect(await failure(machine, '70-mount')).toContain('belongs to 1500:1500 and not 1600:1600');
      expect(machine.jenkinsStarts()).toEqual([]);
    });

    it('when the uid is that of ec2-user', async () => {
      expect(await failure(launchAltered('JENKINS_UID', 1000), '10-user')).toContain('1000');
    });

    it('when the repository never answers', async () => {
      const machine = launch();
      machine.set('dnf-fails', 99);
      expect(await failure(machine, '20-tools')).toContain('cannot reach the repository');
      expect(machine.calls().filter((call) => call.startsWith('dnf'))).toHaveLength(6);
    });

    it('within the deadline when Jenkins never answers 200', async () => {
      const machine = launchAltered('START_TIMEOUT_SECONDS', 1);
      machine.set('never-healthy');
      const started = Date.now();
      expect(await failure(machine, '90-health')).toContain('no 200 from /login within 1 s, the last answer was 503');
      expect(Date.now() - started).toBeLessThan(10_000);
    });

    it.each([
      'ValidationError: Stack jenkins-ci-main-controller does not exist',
      'ValidationError: Resource ControllerGroup does not exist for stack jenkins-ci-main-controller',
      'AccessDenied: state of the instance is unknown',
    ])('when CloudFormation refuses the signal: %s', async (answer) => {
      const machine = launch();
      machine.set('signal-refused', answer);
      expect(await machine.powerOn()).toBe(1);
      expect(failureLine(machine, '95-signal')).toContain(answer);
      expect(machine.read('var/log/jenkins-aws/boot.log')).toContain('could not signal');
      expect(machine.exists('var/lib/jenkins-aws/boot.done')).toBe(false);
    });

    function expectHomeUntouched(machine: Machine): void {
      expect(machine.jenkinsStarts()).toEqual([]);
      expect(machine.calls()).not.toContain('systemctl start var-lib-jenkins.mount');
      expect(machine.read('etc/fstab')).not.toContain('/var/lib/jenkins');
    }

    it('when the other instance does not go away', async () => {
      const machine = launchReplaced('SECONDS + 600', 'SECONDS + 1');
      machine.set('other-instance', 9999);
      expect(await failure(machine, '65-alone')).toContain('still there after 600 s: i-0fedcba9876543210 of a-group');
      expectHomeUntouched(machine);
    });

    it.each(['api-fails', 'api-stale'])('when EC2 never tells who else is there: %s', async (what) => {
      const machine = launch();
      machine.set(what, 9999);
      expect(await failure(machine, '65-alone')).toContain('EC2 does not tell');
      expect(machine.calls().filter((call) => call.startsWith('aws '))).toHaveLength(4);
      expectHomeUntouched(machine);
    });

    it('when EC2 falls silent while another is there', async () => {
      const machine = launch();
      machine.set('other-instance', 9999);
      machine.set('api-dies-at', 4);
      expect(await failure(machine, '65-alone')).toContain('EC2 does not tell');
      expectHomeUntouched(machine);
    });

    it('in time to signal when the steps together take too long', async () => {
      const machine = launchAltered('BOOT_TIMEOUT_SECONDS', 96);
      machine.set('never-healthy');
      const started = Date.now();
      expect(await failure(machine, '90-health')).toContain('the time for the whole boot, 96 s, is over');
      expect(Date.now() - started).toBeLessThan(20_000);
    });

    it('and signals when no time is left for a step', async () => {
      const machine = launchAltered('BOOT_TIMEOUT_SECONDS', 90);
      expect(await failure(machine, '10-user')).toContain('exit code 124');
      expect(machine.calls().filter((call) => /^(useradd|timeout .*10-user)/.test(call))).toEqual([]);
    });

    it('and ends when even the signal hangs', async () => {
      const machine = launchReplaced('timeout -k 5 55', 'timeout -k 1 1');
      machine.set('mount-fails', 99);
      machine.set('signal-hangs');
      expect(await machine.powerOn()).toBe(1);
      expect(failureLine(machine, '70-mount')).toContain('could not mount');
      expect(machine.read('var/log/jenkins-aws/boot.log')).toContain('could not signal');
    });

    it('at once when the service has failed', async () => {
      const machine = launch();
      machine.set('jenkins-dies', 1);
      expect(await failure(machine, '90-health')).toContain('jenkins.service failed');
    });
  });
});
