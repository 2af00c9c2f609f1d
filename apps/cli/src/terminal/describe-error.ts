import { isJenkinsAwsError, type Problem } from '@jenkins-aws/core';

/** An error for a program, and for the text of a person. Never a stack trace. */
export interface ErrorDescription {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];
}

/** What went wrong, from whatever was thrown. */
export function describeError(error: unknown): ErrorDescription {
  if (isJenkinsAwsError(error)) {
    const { code, message, hint, problems } = error;
    return { code, message, hint, problems };
  }
  const message = error instanceof Error ? error.message || error.name : String(error);
  return { code: 'CLI_UNEXPECTED', message, hint: undefined, problems: [] };
}
