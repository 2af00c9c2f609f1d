import { JenkinsAwsError } from '@jenkins-aws/core';

/** Every code that this package throws, with the way out. */
export const MASTER_ERRORS = {
  MASTER_OPTIONS_INVALID: 'the options of a master are wrong · see the listed problems',
  MASTER_CONTROLLER_UNHEALTHY: 'the controller did not become healthy in time · read the boot log in its log group',
} as const;

export type MasterErrorCode = keyof typeof MASTER_ERRORS;

/** Thrown by every function of this package that refuses its input. */
export class MasterError extends JenkinsAwsError<MasterErrorCode> {
  override readonly name = 'MasterError';
}
