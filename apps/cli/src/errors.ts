import { isJenkinsAwsError, JenkinsAwsError } from '@jenkins-aws/core';

/** Every code that the CLI itself throws, with the way out. */
export const CLI_ERRORS = {
  CLI_USAGE: 'the command line is wrong · run jenkins-aws --help',
  CLI_CONFIRMATION_NEEDED: 'nobody is there to ask · run again with --yes',
  CLI_REMOVAL_NOT_NAMED:
    'a master left the config and nobody said that it shall go · put it back into the config, or name it with --remove-master',
  CLI_FILE_EXISTS: 'a file of that name exists and is not overwritten · move it away or name another one',
  CLI_FILE_UNWRITABLE: 'the file cannot be written · name another place',
  CLI_FILE_UNREADABLE: 'the file cannot be read · name the one that plan --save wrote',
  CLI_NOT_DEPLOYED: 'the platform is not in this account and region · deploy it, or correct the config',
  CLI_DECLINED: 'the question was answered with no, or left · nothing was done',
  CLI_INTERRUPTED: 'the command was stopped by Ctrl-C or a signal · run it again to go on',
  CLI_UNEXPECTED: 'an error that should not happen · report it with the output of --json',
} as const;

export type CliErrorCode = keyof typeof CLI_ERRORS;

/** Thrown by the commands themselves. */
export class CliError extends JenkinsAwsError<CliErrorCode> {
  override readonly name = 'CliError';
}

/** Codes that say the input is bad, rather than that something refused or failed. */
const BAD_INPUT =
  /^(PLATFORM_CONFIG_|NETWORK_|MASTER_OPTIONS_|CLI_USAGE|CLI_CONFIRMATION_NEEDED|CLI_REMOVAL_NOT_NAMED|EMULATOR_RUNS_ELSEWHERE|EMULATOR_REFUSED|CLI_FILE_|DEPLOYMENT_REGION_MISSING|DEPLOYMENT_PLAN_INVALID)/;

/** 2 for bad input, 1 for what was refused or failed. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return isJenkinsAwsError(error) && BAD_INPUT.test(error.code) ? 2 : 1;
}
