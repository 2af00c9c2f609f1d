import { isJenkinsAwsError, type Problem } from '@jenkins-aws/core';
import { programName, resumeCommand } from './program-name.js';

/** An error for a program, and for the text of a person. Never a stack trace. */
export interface ErrorDescription {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];
}

/** What to type, where the package that threw cannot know that there is a command line. */
const COMMANDS: Readonly<Record<string, (program: string) => string>> = {
  EMULATOR_PORT_TAKEN: (program) =>
    `for another port: ${program} emulator start --port 4600; later commands find it there`,
  EMULATOR_RUNS_ELSEWHERE: (program) => `first ${program} emulator stop; what is in it is kept`,
  DEPLOYMENT_ENDPOINT_UNREACHABLE: (program) =>
    `if it is the embedded AWS that went away: the next command with --emulator starts it again, see ${program} emulator status`,
  DEPLOYMENT_ABORTED: () => `to go on: ${resumeCommand()}`,
  DEPLOYMENT_CREDENTIALS_MISSING: () => 'for a rehearsal without an account: --emulator',
};

/** Options of the library by the name that they have on the command line. */
const FLAGS: Readonly<Record<string, string>> = {
  allowReplacement: '--allow-replacement',
  continueRollback: '--continue-rollback',
  skipResources: '--skip-resource',
};

function inFlags(text: string): string {
  return text.replace(/\b(allowReplacement|continueRollback|skipResources)\b/g, (name) => FLAGS[name] ?? name);
}

/** What went wrong, from whatever was thrown. */
export function describeError(error: unknown): ErrorDescription {
  if (isJenkinsAwsError(error)) {
    const { code, hint = COMMANDS[code]?.(programName()) } = error;
    return {
      code,
      message: inFlags(error.message),
      hint: hint === undefined ? undefined : inFlags(hint),
      problems: error.problems.map((problem) => ({ ...problem, message: inFlags(problem.message) })),
    };
  }
  const message = error instanceof Error ? error.message || error.name : String(error);
  if (error instanceof Error && error.name === 'AbortError') {
    return {
      code: 'CLI_INTERRUPTED',
      message: 'stopped on request',
      hint: `to go on: ${resumeCommand()}`,
      problems: [],
    };
  }
  const hint = 'this should not happen: please report it with the output of the same command with --json';
  return { code: 'CLI_UNEXPECTED', message, hint, problems: [] };
}
