import { describe, expect, it } from 'vitest';
import { BOOT_TIMEOUT_SECONDS, type BootOptions } from '../../src/boot/boot-options.js';
import { bootProblems } from '../../src/boot/boot-problems.js';
import { renderBoot } from '../../src/boot/render-boot.js';
import { MASTER_ERRORS } from '../../src/errors.js';

const OPTIONS: BootOptions = {
  jenkinsVersion: '2.568.2',
  region: 'eu-central-1',
  stackName: 'a-stack',
  signalLogicalId: 'Group',
  fileSystemId: 'fs-1',
  accessPointId: 'fsap-1',
  logGroupName: '/a/group',
};

describe('the options of a boot', () => {
  it('are good with their defaults, and at their bounds', () => {
    expect(bootProblems(OPTIONS)).toEqual([]);
    expect(bootProblems({ ...OPTIONS, jenkinsUid: 1001, startTimeoutSeconds: 60, heapPercent: 80 })).toEqual([]);
    for (const [bootTimeoutSeconds, startTimeoutSeconds] of [
      [240, 60],
      [3480, 3300],
      [undefined, BOOT_TIMEOUT_SECONDS - 180],
    ])
      expect(bootProblems({ ...OPTIONS, bootTimeoutSeconds, startTimeoutSeconds })).toEqual([]);
  });

  it('are not judged where they are tokens', () => {
    const token = '${Token[TOKEN.12]}';
    const tokens = {
      jenkinsVersion: token,
      region: token,
      stackName: token,
      fileSystemId: token,
      accessPointId: token,
      logGroupName: token,
    };
    expect(bootProblems({ ...OPTIONS, ...tokens })).toEqual([]);
  });

  it('fails with all problems together, each with its place', () => {
    const problems = bootProblems({
      ...OPTIONS,
      jenkinsVersion: '2.570',
      jenkinsUid: 0,
      startTimeoutSeconds: 59,
      heapPercent: 60.5,
    });
    expect(problems.map(({ code, path }) => [code, ...path])).toEqual([
      ['MASTER_BOOT_VERSION_INVALID', 'jenkinsVersion'],
      ['MASTER_BOOT_UID_INVALID', 'jenkinsUid'],
      ['MASTER_BOOT_TIMEOUT_INVALID', 'startTimeoutSeconds'],
      ['MASTER_BOOT_HEAP_INVALID', 'heapPercent'],
    ]);
    for (const { code } of problems) expect(Object.keys(MASTER_ERRORS)).toContain(code);
  });

  it.each([
    [{ bootTimeoutSeconds: 3481 }, 'bootTimeoutSeconds must be from 240 to 3480, got 3481'],
    [{ bootTimeoutSeconds: 239, startTimeoutSeconds: 60 }, 'bootTimeoutSeconds must be from 240 to 3480, got 239'],
    [
      { startTimeoutSeconds: 901 },
      'startTimeoutSeconds must be from 60 to 900, which is 180 less than bootTimeoutSeconds, got 901',
    ],
    [
      { bootTimeoutSeconds: 700 },
      'startTimeoutSeconds must be from 60 to 520, which is 180 less than bootTimeoutSeconds, got 600',
    ],
  ])('fails when Jenkins cannot start within the boot, or the boot within a stack: %o', (timeouts, message) => {
    expect(bootProblems({ ...OPTIONS, ...timeouts })).toEqual([
      { code: 'MASTER_BOOT_TIMEOUT_INVALID', message, path: [message.slice(0, message.indexOf(' '))] },
    ]);
  });

  it('fails on the uid of ec2-user and names it', () => {
    expect(bootProblems({ ...OPTIONS, jenkinsUid: 1000 })[0]?.message).toContain('got 1000, which is ec2-user');
  });

  it('fails to render what has problems', () => {
    expect(() => renderBoot({ ...OPTIONS, jenkinsVersion: 'lts', heapPercent: 99 })).toThrowError(
      /jenkinsVersion.*heapPercent/,
    );
  });
});
