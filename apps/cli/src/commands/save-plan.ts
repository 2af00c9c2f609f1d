import { isJenkinsAwsError, ownershipTag } from '@jenkins-aws/core';
import { type DeploymentReview, discardReview } from '@jenkins-aws/deployment';
import { type SavedPlan, saveOfflinePlan, savePlan } from '@jenkins-aws/deployment/saved-plan';
import { type PlatformConfig, PROTECTED_RESOURCE_TYPES } from '@jenkins-aws/platform';
import type { PlatformTemplate } from '@jenkins-aws/platform/template';
import { artifactBucket, deploymentContext, type StackOptions } from '../aws/deployment-context.js';
import { type Caller, identify } from '../aws/identify.js';
import { type ReviewOptions, reviewPlatform } from '../aws/review-platform.js';
import { resolveTarget } from '../aws/target.js';
import type { CommandContext } from '../command-context.js';
import { cliEvents } from '../events.js';
import { refuseToOverwrite, writeText } from '../files.js';

export interface SavePlanOptions extends StackOptions, Pick<ReviewOptions, 'allowReplacement'> {}

export interface SavedPlanResult {
  readonly plan: SavedPlan;
  /** Undefined offline. */
  readonly review: DeploymentReview | undefined;
}

/** Nobody could be asked, which is no reason not to plan. */
const NOBODY_THERE = new Set([
  'DEPLOYMENT_CREDENTIALS_MISSING',
  'DEPLOYMENT_ENDPOINT_UNREACHABLE',
  'DEPLOYMENT_REGION_UNKNOWN',
]);

/** Reviews the deployment in the account, where one is reachable, and keeps the review as a file. */
export async function saveReviewedPlan(
  command: CommandContext<SavePlanOptions>,
  config: PlatformConfig,
  stacks: readonly PlatformTemplate[],
  file: string,
): Promise<SavedPlanResult> {
  const { options, output, signal } = command;
  await refuseToOverwrite(file, (text) => text.includes('"formatVersion"'), 'is no plan');
  const { region } = config;
  const { roleArn } = options;
  const subject = { region, createdAt: new Date(), ...(roleArn !== undefined && { roleArn }) };
  const target = await resolveTarget(region, command);
  let caller: Caller;
  try {
    caller = await identify(target, output, signal);
  } catch (error) {
    if (!isJenkinsAwsError(error) || !NOBODY_THERE.has(error.code)) throw error;
    output.report(cliEvents.plannedOffline({ reason: error.message }));
    const plan = saveOfflinePlan({
      ...subject,
      stacks,
      artifacts: { bucket: artifactBucket(config.name) },
      ownershipTag: ownershipTag(config.name),
      protectedTypes: PROTECTED_RESOURCE_TYPES,
      allowReplacement: options.allowReplacement ?? [],
    });
    await writeText(file, textOf(plan));
    return { plan, review: undefined };
  }
  const deployment = deploymentContext(command, target, { platform: config.name, caller, verb: 'plan' });
  const review = await reviewPlatform({ config, stacks, target, deployment, options, account: caller.account });
  const plan = savePlan({ ...subject, review, account: caller.account });
  try {
    await writeText(file, textOf(plan));
  } catch (error) {
    await discardReview({ ...deployment, review });
    throw error;
  }
  return { plan, review };
}

function textOf(plan: SavedPlan): string {
  return `${JSON.stringify(plan, null, 1)}\n`;
}
