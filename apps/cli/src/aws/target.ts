import { homedir } from 'node:os';
import { join } from 'node:path';
import type { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { CommandContext } from '../command-context.js';
import { CliError } from '../errors.js';

/** How the SDK's clients are made for one command. */
export interface AwsTarget {
  readonly region: string;
  /** Whether it is the embedded AWS. */
  readonly emulator: boolean;
  readonly clientConfig: {
    readonly region: string;
    readonly endpoint?: string;
    readonly credentials?: Credentials;
    readonly maxAttempts: number;
  };
}

type Credentials =
  | { readonly accessKeyId: string; readonly secretAccessKey: string }
  | ReturnType<typeof fromTemporaryCredentials>;

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/;

/** Where the emulator lives: below the user's cache folder. */
export function emulatorDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'jenkins-aws', 'emulator');
}

/**
 * The AWS that a command works in. Starts the embedded one where it is asked for. With `--assume-role` every call is made
 * as that role, e.g. in another account, with credentials that are renewed for as long as the command takes.
 *
 * Permission: `sts:AssumeRole` on the role.
 */
export async function resolveTarget(
  region: string,
  { options, output: reporter, signal }: Pick<CommandContext, 'options' | 'output' | 'signal'>,
): Promise<AwsTarget> {
  const { assumeRole, emulator = false } = options;
  if (assumeRole !== undefined && !ROLE_ARN.test(assumeRole)) {
    throw new CliError('CLI_USAGE', `--assume-role must be the ARN of a role, got '${assumeRole}'`);
  }
  // Throttling and failures of AWS are answered with the SDK's own backoff: a deploy has the time, and where three calls
  // of ten fail one in 50,000 still does. Nobody at all at the endpoint is told after a quarter of a minute.
  const own = { region, maxAttempts: 9, ...(emulator ? await embedded(region, reporter, signal) : {}) };
  if (assumeRole === undefined) return { region, emulator, clientConfig: own };
  const { fromTemporaryCredentials: become } = await import('@aws-sdk/credential-providers');
  const credentials = become({
    params: { RoleArn: assumeRole, RoleSessionName: 'jenkins-aws' },
    ...('credentials' in own && { masterCredentials: own.credentials }),
    clientConfig: { region, ...('endpoint' in own && { endpoint: own.endpoint }) },
  });
  return { region, emulator, clientConfig: { ...own, credentials } };
}

async function embedded(region: string, reporter: CommandContext['output'], signal: AbortSignal) {
  const { emulatorEnvironment, ensureEmulator } = await import('@jenkins-aws/emulator');
  const running = await ensureEmulator({ cacheDirectory: emulatorDirectory(), reporter, signal });
  const environment = emulatorEnvironment(running, region);
  return {
    endpoint: environment.AWS_ENDPOINT_URL,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
    },
  };
}
