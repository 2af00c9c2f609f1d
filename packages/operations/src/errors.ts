import { JenkinsAwsError } from '@jenkins-aws/core';

/** Every code of this package: what it means and the way out. */
export const OPERATIONS_ERRORS = {
  OPERATIONS_HOME_IN_USE:
    'a file system still has mount targets, so something may use it · destroy the stack that has them, then run again',
  OPERATIONS_DATA_OWNED:
    'data that should be deleted belongs to a stack that is there · destroy that stack first, or leave its data alone',
  OPERATIONS_DELETE_REFUSED: 'AWS refused to delete data · see the message',
} as const;

export type OperationsErrorCode = keyof typeof OPERATIONS_ERRORS;

/** Thrown by every function of this package for what is its own; what CloudFormation and the SDK refuse is a DeploymentError. */
export class OperationsError extends JenkinsAwsError<OperationsErrorCode> {
  override readonly name = 'OperationsError';
}
