import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { PLATFORM_TAG } from '@jenkins-aws/core';
import { destroyStacks } from '@jenkins-aws/deployment';
import { platformStacks } from '@jenkins-aws/platform';
import { identify } from '../aws/identify.js';
import { resolveTarget } from '../aws/target.js';
import { type CommandContext, type CommonOptions, loadConfig } from '../command-context.js';
import { cliEvents } from '../events.js';
import { renderDestroyed } from '../render/render-destroyed.js';

export interface DestroyOptions extends CommonOptions {
  readonly yes?: boolean;
}

/** Deletes the platform's stacks. The homes stay: they are data. */
export async function destroy({ options, output, signal }: CommandContext<DestroyOptions>): Promise<void> {
  const config = await loadConfig(options);
  const { region, name } = config;
  const target = await resolveTarget({ region, emulator: options.emulator ?? false, reporter: output, signal });
  const account = await identify(target, output);
  if (!options.yes) {
    await output.confirm(`Delete platform ${name} from account ${account} in ${region}? The Jenkins homes stay.`);
  }
  const result = await destroyStacks({
    cloudFormation: new CloudFormationClient(target.clientConfig),
    stacks: platformStacks(config),
    ownershipTag: { key: PLATFORM_TAG, value: name },
    reporter: output,
    signal,
  });
  output.result(cliEvents.destroyFinished(result), renderDestroyed(result));
}
