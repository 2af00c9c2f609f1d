const MARKER = Symbol.for('jenkins-aws.error');

/** One thing that is wrong with an input. Everything wrong with one input is reported together. */
export interface Problem {
  /** Stable code, e.g. `NETWORK_CIDR_INVALID`. */
  readonly code: string;
  /** Lower case; names the wrong value and the way out. */
  readonly message: string;
  /** Where in the input, e.g. `['network', 'cidr']`. Empty for the input as a whole. */
  readonly path: readonly (string | number)[];
}

export interface JenkinsAwsErrorOptions {
  readonly cause?: unknown;
  /** All problems of the input, when the error is about an input. Default: none. */
  readonly problems?: readonly Problem[];
  /** What to do about it, when the message alone does not say it. Default: none. */
  readonly hint?: string;
}

/**
 * The base of every error that a jenkins-aws package throws.
 *
 * `code` is stable across versions; messages are not. Use {@link isJenkinsAwsError} instead of `instanceof`:
 * two copies of this package in one program have two classes, but one marker.
 */
export abstract class JenkinsAwsError<Code extends string = string> extends Error {
  abstract override readonly name: string;
  readonly code: Code;
  readonly problems: readonly Problem[];
  readonly hint: string | undefined;

  constructor(code: Code, message: string, options: JenkinsAwsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
    this.hint = options.hint;
    Object.defineProperty(this, MARKER, { value: true, enumerable: false });
  }
}

/** Whether `value` is an error of any jenkins-aws package, also of another copy of it. */
export function isJenkinsAwsError(value: unknown): value is JenkinsAwsError {
  return typeof value === 'object' && value !== null && MARKER in value;
}
