import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { PLATFORM_TAG } from '@jenkins-aws/core';
import { discardReview, executeDeployment, reviewDeployment } from '@jenkins-aws/deployment';
import { describePlan } from '@jenkins-aws/platform';
import { platformTemplates } from '@jenkins-aws/platform/template';
import { identify } from '../aws/identify.js';
import { platformStatus } from '../aws/platform-status.js';
import { resolveTarget } from '../aws/target.js';
import { type CommandContext, type CommonOptions, loadConfig } from '../command-context.js';
import { cliEvents } from '../events.js';
import { renderNextSteps } from '../render/render-next-steps.js';
import { renderCostSummary, renderPlan } from '../render/render-plan.js';
import { renderReview } from '../render/render-review.js';
import { renderStatus } from '../render/render-status.js';

export interface DeployOptions extends CommonOptions {
  readonly yes?: boolean;
}

/** Makes the account what the config says: review, question, exactly that, and a look at what runs then. */
export async function deploy({ options, output, signal }: CommandContext<DeployOptions>): Promise<void> {
  const config = await loadConfig(options);
  const stacks = platformTemplates(config);
  const described = describePlan(config, stacks);
  const { region } = config;
  const target = await resolveTarget({ region, emulator: options.emulator ?? false, reporter: output, signal });
  const account = await identify(target, output);
  const cloudFormation = new CloudFormationClient(target.clientConfig);
  const context = { cloudFormation, reporter: output, signal };
  const ownershipTag = { key: PLATFORM_TAG, value: config.name };

  const review = await reviewDeployment({ ...context, stacks, ownershipTag });
  const changed = review.stacks.some(({ action }) => action !== 'none');
  if (changed) {
    if (review.stacks.some(({ action }) => action === 'create')) output.print(renderPlan(described, []));
    output.print(renderReview(review));
    if (!options.yes) {
      try {
        await output.confirm(`Deploy this to account ${account} in ${region}?`);
      } catch (error) {
        await discardReview({ ...context, review });
        throw error;
      }
    }
  }
  const { stacks: outcomes } = await executeDeployment({ ...context, review });
  const status = await platformStatus({ config, target, output, signal, wait: changed });
  const text = [
    changed
      ? `Deployed ${config.name} to account ${account} in ${region}.`
      : `No changes: ${config.name} is as the config says.`,
    renderStatus(status),
    renderCostSummary(described.cost),
    renderNextSteps({ config, status, emulator: target.emulator, file: options.config }),
  ].join('\n\n');
  output.result(
    cliEvents.deployFinished({ changed, account, outcomes, status, cost: described.cost } as { changed: boolean }),
    text,
  );
}
