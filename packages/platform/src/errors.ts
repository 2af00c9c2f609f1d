import { JenkinsAwsError } from '@jenkins-aws/core';

/** Every code of this package: what it means and the way out. */
export const PLATFORM_ERRORS = {
  PLATFORM_CONFIG_MISSING: 'there is no configuration file · write one with `jenkins-aws init`, or name it with -c',
  PLATFORM_CONFIG_AMBIGUOUS: 'a folder has more than one configuration file · remove all but one, or name one with -c',
  PLATFORM_CONFIG_UNREADABLE: 'the configuration file cannot be read as text · see the cause; it must be a UTF-8 file',
  PLATFORM_CONFIG_FORMAT: 'the file name does not say the format · end it in .yaml, .yml or .json',
  PLATFORM_CONFIG_TOO_LARGE: 'the configuration is larger than 256 KiB or nested too deeply · make it smaller',
  PLATFORM_CONFIG_EMPTY: 'the configuration file has no content · write one with `jenkins-aws init`',
  PLATFORM_CONFIG_SYNTAX: 'the text is not valid YAML or JSON · correct it at the given line and column',
  PLATFORM_CONFIG_INVALID: 'the configuration has problems · correct each one at the given line and column',
  PLATFORM_CONFIG_DUPLICATE_KEY: 'a key is given twice in one mapping · keep one of them',
  PLATFORM_CONFIG_UNKNOWN_KEY: 'a key is not known · correct its spelling or remove it',
  PLATFORM_CONFIG_MISSING_KEY: 'a required key is missing · add it',
  PLATFORM_CONFIG_WRONG_TYPE: 'a value has the wrong type · give it in the type that the message names',
  PLATFORM_CONFIG_WRONG_VALUE: 'a value is not allowed · give one that the message allows',
} as const;

export type PlatformErrorCode = keyof typeof PLATFORM_ERRORS;

/** What this package throws. `problems` of a configuration error are located: see `LocatedProblem`. */
export class PlatformError extends JenkinsAwsError<PlatformErrorCode> {
  override readonly name = 'PlatformError';
}
