import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { PLATFORM_TAG } from '@jenkins-aws/core';
import { destroyStacks, findStacksByTag } from '@jenkins-aws/deployment';
import { stacksInOrder } from '@jenkins-aws/platform';
import { identify } from '../aws/identify.js';
import { resolveTarget } from '../aws/target.js';
import { type CommandContext, type CommonOptions, loadConfig } from '../command-context.js';
import { cliEvents } from '../events.js';
import { renderDestroyed } from '../render/render-destroyed.js';

export interface DestroyOptions extends CommonOptions {
  readonly yes?: boolean;
}

/**
 * Deletes every stack of the platform, also those of a master that the config does not name any more. The homes stay:
 * they are data.
 */
export async function destroy({ options, output, signal }: CommandContext<DestroyOptions>): Promise<void> {
  const config = await loadConfig(options);
  const { region, name } = config;
  const target = await resolveTarget({ region, emulator: options.emulator ?? false, reporter: output, signal });
  const account = await identify(target, output, signal);
  const cloudFormation = new CloudFormationClient(target.clientConfig);
  const ownershipTag = { key: PLATFORM_TAG, value: name };
  const tagged = await findStacksByTag({ cloudFormation, tag: ownershipTag, signal });
  const stacks = stacksInOrder(
    config,
    tagged.map(({ stackName }) => stackName),
  );
  if (!options.yes && tagged.length > 0) {
    const lines = tagged.map(({ stackName, status }) => `  ${status.padEnd(18)} ${stackName}`);
    output.print(
      [
        `Stacks of ${name} in ${target.emulator ? 'the embedded AWS' : `account ${account}`}, ${region}, that will be deleted:`,
        ...lines,
      ].join('\n'),
    );
    await output.confirm('Delete them? The Jenkins homes stay.');
  }
  const result = await destroyStacks({ cloudFormation, stacks, ownershipTag, reporter: output, signal });
  output.result(cliEvents.destroyFinished(result), renderDestroyed(result));
}
