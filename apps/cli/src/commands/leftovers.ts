import { platformStacks } from '@jenkins-aws/platform';
import { auditPlatform } from '../aws/audit-platform.js';
import { openAccount } from '../aws/open-account.js';
import type { CommandContext } from '../command-context.js';
import { cliEvents } from '../events.js';
import { renderLeftovers } from '../render/render-leftovers.js';

/** Shows what is in the account of this platform and belongs to none of its stacks. Exit code 1 where that is no data. */
export async function leftovers(command: CommandContext): Promise<void> {
  const { output, signal } = command;
  const { config, target } = await openAccount(command);
  const expectedStacks = platformStacks(config).map(({ name }) => name);
  const audit = await auditPlatform({ config, target, signal, expectedStacks });
  output.result(cliEvents.leftoversFinished(audit), renderLeftovers(audit));
  if (audit.leftovers.some(({ holdsData }) => !holdsData)) process.exitCode = 1;
}
