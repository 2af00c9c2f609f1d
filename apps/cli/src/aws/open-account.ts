import type { PlatformConfig } from '@jenkins-aws/platform';
import { type CommandContext, loadConfig } from '../command-context.js';
import { type Caller, identify } from './identify.js';
import { type AwsTarget, resolveTarget } from './target.js';

/** What a command is about, where that is, and who the command is there. */
export interface OpenAccount {
  readonly config: PlatformConfig;
  readonly target: AwsTarget;
  readonly caller: Caller;
}

/** Reads the config and finds out where its account is, before anything is done there. */
export async function openAccount(command: CommandContext): Promise<OpenAccount> {
  const { options, output, signal } = command;
  const config = await loadConfig(options);
  const target = await resolveTarget(config.region, command);
  return { config, target, caller: await identify(target, output, signal) };
}
