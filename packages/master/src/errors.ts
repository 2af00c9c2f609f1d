import { JenkinsAwsError } from '@jenkins-aws/core';

/** Every code that this package throws, with the way out. */
export const MASTER_ERRORS = {
  MASTER_OPTIONS_INVALID: 'the options of a master are wrong · see the listed problems',
  MASTER_CONTROLLER_UNHEALTHY: 'the controller did not become healthy in time · read the boot log in its log group',
  MASTER_BOOT_VERSION_INVALID: 'jenkinsVersion is not an LTS version · give all three numbers, such as 2.568.2',
  MASTER_BOOT_UID_INVALID:
    'jenkinsUid cannot be the controller’s user · take a free one from 1001 to 59999, such as 1500',
  MASTER_BOOT_TIMEOUT_INVALID:
    'bootTimeoutSeconds or startTimeoutSeconds is out of bounds · take 240 to 3480, and for the start at least 180 less',
  MASTER_BOOT_HEAP_INVALID: 'heapPercent is out of bounds · take 20 to 80',
} as const;

export type MasterErrorCode = keyof typeof MASTER_ERRORS;

/** Thrown by every function of this package that refuses its input. */
export class MasterError extends JenkinsAwsError<MasterErrorCode> {
  override readonly name = 'MasterError';
}
