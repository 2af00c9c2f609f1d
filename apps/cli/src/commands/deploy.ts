import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { MASTER_TAG, PLATFORM_TAG } from '@jenkins-aws/core';
import {
  type DeploymentReview,
  discardReview,
  executeDeployment,
  reviewDeployment,
  toDeploymentError,
} from '@jenkins-aws/deployment';
import { findHomes } from '@jenkins-aws/master';
import { checkZones } from '@jenkins-aws/network';
import { describePlan, type PlatformConfig, PROTECTED_RESOURCE_TYPES, platformStacks } from '@jenkins-aws/platform';
import { platformTemplates } from '@jenkins-aws/platform/template';
import { controllerClients } from '../aws/controller-clients.js';
import { explainFailedBoot, explainRefusal } from '../aws/explain-failure.js';
import { identify } from '../aws/identify.js';
import { platformStatus } from '../aws/platform-status.js';
import { type AwsTarget, resolveTarget } from '../aws/target.js';
import { type CommandContext, type CommonOptions, loadConfig } from '../command-context.js';
import { cliEvents } from '../events.js';
import { renderNextSteps } from '../render/render-next-steps.js';
import { renderCostSummary, renderNotes, renderPlan } from '../render/render-plan.js';
import { renderReview, restartsController } from '../render/render-review.js';
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
  const account = await identify(target, output, signal);
  const where = target.emulator ? `the embedded AWS, region ${region}` : `account ${account} in ${region}`;
  const cloudFormation = new CloudFormationClient(target.clientConfig);
  const context = { cloudFormation, reporter: output, signal };
  const ownershipTag = { key: PLATFORM_TAG, value: config.name };

  const { ec2 } = controllerClients(target);
  await checkZones({ ec2, region, availabilityZones: config.network.availabilityZones, signal }).catch((error) => {
    throw toDeploymentError(error, { operation: 'DescribeAvailabilityZones' });
  });
  const review = await reviewDeployment({
    ...context,
    stacks,
    ownershipTag,
    protectedTypes: PROTECTED_RESOURCE_TYPES,
  }).catch((error) => {
    throw explainRefusal(error);
  });
  const changed = review.stacks.some(({ action }) => action !== 'none');
  if (changed) {
    const isNew = review.stacks.some(({ action }) => action === 'create');
    output.print(
      isNew ? renderPlan(described, []) : [...renderNotes(described), renderCostSummary(described.cost)].join('\n\n'),
    );
    output.print(renderReview(review));
    try {
      for (const { master, fileSystemId } of await formerHomes(config, review, target, signal)) {
        output.report(cliEvents.formerHome({ master, fileSystemId }));
      }
      const restart = review.stacks.some(({ changes }) => restartsController(changes ?? []));
      const warning = restart ? ' It stops the running controller.' : '';
      if (!options.yes) await output.confirm(`Deploy this to ${where}?${warning}`);
    } catch (error) {
      await discardReview({ ...context, review });
      throw error;
    }
  }
  const { stacks: outcomes } = await executeDeployment({ ...context, review }).catch((error) => {
    throw explainFailedBoot(error, config);
  });
  const status = await platformStatus({ config, target, output, signal, wait: changed });
  const text = [
    changed ? `Deployed ${config.name} to ${where}.` : `No changes: ${config.name} is as the config says.`,
    renderStatus(status),
    renderCostSummary(described.cost),
    renderNextSteps({ config, status, emulator: target.emulator, file: options.config }),
  ].join('\n\n');
  output.result(cliEvents.deployFinished({ changed, account, outcomes, status, cost: described.cost }), text);
}

/** Homes that stayed from a platform of this name: a new data stack makes a new, empty one beside them. */
async function formerHomes(config: PlatformConfig, review: DeploymentReview, target: AwsTarget, signal: AbortSignal) {
  const created = new Set(
    review.stacks.flatMap(({ action, definition }) => (action === 'create' ? definition.name : [])),
  );
  const found: { master: string; fileSystemId: string }[] = [];
  for (const { name, role, master } of platformStacks(config)) {
    if (role !== 'data' || master === undefined || !created.has(name)) continue;
    const tags = { [PLATFORM_TAG]: config.name, [MASTER_TAG]: master };
    const homes = await findHomes({ efs: controllerClients(target).efs, tags, signal }).catch((error) => {
      throw toDeploymentError(error, { operation: 'DescribeFileSystems' });
    });
    found.push(...homes.map(({ fileSystemId }) => ({ master, fileSystemId })));
  }
  return found;
}
