import { describe, expect, it } from 'vitest';
import type { BootOptions } from '../../src/boot/boot-options.js';
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

  it('fails on the uid of ec2-user and names it', () => {
    expect(bootProblems({ ...OPTIONS, jenkinsUid: 1000 })[0]?.message).toContain('got 1000, which is ec2-user');
  });

  it('fails to render what has problems', () => {
    expect(() => renderBoot({ ...OPTIONS, jenkinsVersion: 'lts', heapPercent: 99 })).toThrowError(
      /jenkinsVersion.*heapPercent/,
    );
  });
});
