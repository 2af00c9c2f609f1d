import { JenkinsAwsError, type JenkinsAwsErrorOptions } from '@jenkins-aws/core';

/** Every error code of this package with its meaning and the way out. */
export const EMULATOR_ERRORS = {
  EMULATOR_PYTHON_MISSING:
    'no Python 3.10 or newer with the venv module was found · install one, or use an AWS of your own: set AWS_ENDPOINT_URL or real credentials',
  EMULATOR_INSTALL_FAILED:
    'the emulator could not be downloaded and installed · give the machine network once, or use an AWS of your own: set AWS_ENDPOINT_URL or real credentials',
  EMULATOR_PORT_TAKEN: 'another program listens on the port · stop it or choose another port',
  EMULATOR_RUNS_ELSEWHERE:
    'the emulator runs on another port than the one asked for · stop it first, or use it where it runs',
  EMULATOR_START_FAILED: 'the emulator did not become ready · read its log, then reset it',
  EMULATOR_STOP_FAILED: 'the emulator did not stop · end its process by hand',
  EMULATOR_RESET_FAILED: 'the emulator did not answer the reset · stop it, then reset it',
  EMULATOR_NOT_RUNNING: 'the emulator does not run, so there is nothing to ask or to tell · start it first',
  EMULATOR_REFUSED: 'the emulator refused what it was told · correct what the message names',
} as const;

export type EmulatorErrorCode = keyof typeof EMULATOR_ERRORS;

/** What every operation of this package throws. */
export class EmulatorError extends JenkinsAwsError<EmulatorErrorCode> {
  override readonly name = 'EmulatorError';
}

/** The two ways to go on without the embedded AWS, as the last half of a message. */
const WITHOUT_EMULATOR = 'or work without the emulator: set AWS_ENDPOINT_URL or real AWS credentials';

export function pythonMissing(tried: readonly string[]): EmulatorError {
  return new EmulatorError(
    'EMULATOR_PYTHON_MISSING',
    `no Python 3.10 or newer with the venv module was found (${tried.join('; ')}); install Python 3.10 or newer (Debian and Ubuntu: python3 python3-venv), ${WITHOUT_EMULATOR}`,
  );
}

export function installFailed(detail: string, options?: JenkinsAwsErrorOptions): EmulatorError {
  return new EmulatorError(
    'EMULATOR_INSTALL_FAILED',
    `the emulator could not be installed: ${detail}; give this machine network access to a Python package index once, ${WITHOUT_EMULATOR}`,
    options,
  );
}

export function portTaken(port: number, by: string): EmulatorError {
  return new EmulatorError(
    'EMULATOR_PORT_TAKEN',
    `port ${port} on 127.0.0.1 is taken by ${by}; stop that program or choose another port`,
  );
}

export function runsElsewhere(port: number, wanted: number): EmulatorError {
  return new EmulatorError(
    'EMULATOR_RUNS_ELSEWHERE',
    `the emulator runs on port ${port}, not on ${wanted}; stop it first to start it on ${wanted}, or use it on ${port}`,
  );
}
