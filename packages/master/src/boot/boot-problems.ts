import type { Problem } from '@jenkins-aws/core';
import type { MasterErrorCode } from '../errors.js';
import { type BootOptions, resolveBootOptions } from './boot-options.js';

const TOKEN = /\$\{Token\[/;
const LTS_VERSION = /^2\.\d{3,4}\.\d+$/;
/** What a boot needs beside the start of Jenkins: packages, mount, and at a failure the end of a step and the signal. */
const BESIDE_START_SECONDS = 180;
const MOST_BOOT_SECONDS = 3480;

/**
 * Everything that is wrong with the options, or nothing. Unresolved tokens are not judged.
 *
 * Ids and names of AWS are not judged either: they come from resources, not from a person.
 */
export function bootProblems(options: BootOptions): Problem[] {
  const { jenkinsVersion, jenkinsUid, bootTimeoutSeconds, startTimeoutSeconds, heapPercent } =
    resolveBootOptions(options);
  const problems: Problem[] = [];
  const add = (code: MasterErrorCode, field: keyof BootOptions, message: string) =>
    problems.push({ code, message, path: [field] });

  if (!TOKEN.test(jenkinsVersion) && !LTS_VERSION.test(jenkinsVersion)) {
    add(
      'MASTER_BOOT_VERSION_INVALID',
      'jenkinsVersion',
      `jenkinsVersion must be an LTS version such as 2.568.2, got '${jenkinsVersion}'`,
    );
  }
  if (!isWhole(jenkinsUid, 1001, 59_999)) {
    const owner = jenkinsUid === 1000 ? ', which is ec2-user on Amazon Linux 2023' : '';
    add('MASTER_BOOT_UID_INVALID', 'jenkinsUid', `jenkinsUid must be from 1001 to 59999, got ${jenkinsUid}${owner}`);
  }
  const isBootTimeoutGood = isWhole(bootTimeoutSeconds, 60 + BESIDE_START_SECONDS, MOST_BOOT_SECONDS);
  if (!isBootTimeoutGood) {
    add(
      'MASTER_BOOT_TIMEOUT_INVALID',
      'bootTimeoutSeconds',
      `bootTimeoutSeconds must be from ${60 + BESIDE_START_SECONDS} to ${MOST_BOOT_SECONDS}, got ${bootTimeoutSeconds}`,
    );
  }
  const mostStart = (isBootTimeoutGood ? bootTimeoutSeconds : MOST_BOOT_SECONDS) - BESIDE_START_SECONDS;
  if (!isWhole(startTimeoutSeconds, 60, mostStart)) {
    add(
      'MASTER_BOOT_TIMEOUT_INVALID',
      'startTimeoutSeconds',
      `startTimeoutSeconds must be from 60 to ${mostStart}, which is ${BESIDE_START_SECONDS} less than ` +
        `bootTimeoutSeconds, got ${startTimeoutSeconds}`,
    );
  }
  if (!isWhole(heapPercent, 20, 80)) {
    add('MASTER_BOOT_HEAP_INVALID', 'heapPercent', `heapPercent must be from 20 to 80, got ${heapPercent}`);
  }
  return problems;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
