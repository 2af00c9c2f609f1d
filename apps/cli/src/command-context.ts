import type { PlatformConfig } from '@jenkins-aws/platform';
import type { Output } from './terminal/output.js';

/** What every command takes. */
export interface CommonOptions {
  /** Path of the config file. Default: the one in the current folder. */
  readonly config?: string;
  readonly json?: boolean;
  readonly emulator?: boolean;
  /** ARN of a role to work as. Default: the environment's own identity. */
  readonly assumeRole?: string;
}

export interface CommandContext<Options extends CommonOptions = CommonOptions> {
  readonly options: Options;
  readonly output: Output;
  /** Ends everything now. */
  readonly signal: AbortSignal;
  /** Lets nothing new begin. Goes off with the first Ctrl-C; where the command has no steps that go on, `signal` does, too. */
  readonly stopSignal: AbortSignal;
}

/** Reads the config that the command names, or the one in the current folder. */
export async function loadConfig({ config }: CommonOptions): Promise<PlatformConfig> {
  const { CONFIG_FILE_NAMES, findConfigFile, loadConfigFile, platformConfigSchema } = await import(
    '@jenkins-aws/platform'
  );
  const path = config ?? (await findConfigFile('.')) ?? CONFIG_FILE_NAMES[0];
  return loadConfigFile({ path, schema: platformConfigSchema });
}
