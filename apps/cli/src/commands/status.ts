import { platformStatus } from '../aws/platform-status.js';
import { resolveTarget } from '../aws/target.js';
import { type CommandContext, loadConfig } from '../command-context.js';
import { cliEvents } from '../events.js';
import { renderStatus } from '../render/render-status.js';

/** Shows what runs now, from the live account. */
export async function status(command: CommandContext): Promise<void> {
  const { options, output, signal } = command;
  const config = await loadConfig(options);
  const { region } = config;
  const target = await resolveTarget(region, command);
  const found = await platformStatus({ config, target, output, signal, wait: false });
  output.result(cliEvents.statusFinished(found), renderStatus(found));
}
