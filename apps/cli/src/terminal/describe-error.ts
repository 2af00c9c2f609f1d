import { isJenkinsAwsError, type Problem } from '@jenkins-aws/core';

/** An error for a program, and for the text of a person. Never a stack trace. */
export interface ErrorDescription {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];
}

/** What to type, where the package that threw cannot know that there is a command line. */
const COMMANDS: Readonly<Record<string, string>> = {
  EMULATOR_PORT_TAKEN: 'jenkins-aws emulator start --port 4600, then run this again: it finds the emulator there',
  DEPLOYMENT_ENDPOINT_UNREACHABLE: 'for the embedded AWS, run with --emulator: it is started when it does not run',
};

/** What went wrong, from whatever was thrown. */
export function describeError(error: unknown): ErrorDescription {
  if (isJenkinsAwsError(error)) {
    const { code, message, hint, problems } = error;
    return { code, message, hint: hint ?? COMMANDS[code], problems };
  }
  const message = error instanceof Error ? error.message || error.name : String(error);
  return { code: 'CLI_UNEXPECTED', message, hint: undefined, problems: [] };
}
