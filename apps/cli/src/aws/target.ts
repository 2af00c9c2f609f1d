import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Reporter, silentReporter } from '@jenkins-aws/core';

/** How the SDK's clients are made for one command. */
export interface AwsTarget {
  readonly region: string;
  /** Whether it is the embedded AWS. */
  readonly emulator: boolean;
  readonly clientConfig: {
    readonly region: string;
    readonly endpoint?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
}

/** Where the emulator lives: below the user's cache folder. */
export function emulatorDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'jenkins-aws', 'emulator');
}

export interface ResolveTargetOptions {
  readonly region: string;
  /** Start or reuse the embedded AWS; otherwise the SDK's own environment decides. */
  readonly emulator: boolean;
  readonly reporter?: Reporter;
  readonly signal?: AbortSignal;
}

/** The AWS that a command works in. Starts the embedded one where it is asked for. */
export async function resolveTarget(options: ResolveTargetOptions): Promise<AwsTarget> {
  const { region, emulator, reporter = silentReporter, signal } = options;
  // Throttling and failures of AWS are answered with the SDK's own backoff: a deploy has the time, and where three calls
  // of ten fail one in 50,000 still does. Nobody at all at the endpoint is told after a quarter of a minute.
  const maxAttempts = 9;
  if (!emulator) return { region, emulator, clientConfig: { region, maxAttempts } };
  const { emulatorEnvironment, ensureEmulator } = await import('@jenkins-aws/emulator');
  const endpoint = await ensureEmulator({ cacheDirectory: emulatorDirectory(), reporter, signal });
  const environment = emulatorEnvironment(endpoint, region);
  return {
    region,
    emulator,
    clientConfig: {
      region,
      maxAttempts,
      endpoint: environment.AWS_ENDPOINT_URL,
      credentials: {
        accessKeyId: environment.AWS_ACCESS_KEY_ID,
        secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
      },
    },
  };
}
