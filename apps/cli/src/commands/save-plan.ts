import { readFile, writeFile } from 'node:fs/promises';
import { isJenkinsAwsError, PLATFORM_TAG } from '@jenkins-aws/core';
import { type DeploymentReview, discardReview } from '@jenkins-aws/deployment';
import { type SavedPlan, saveOfflinePlan, savePlan } from '@jenkins-aws/deployment/saved-plan';
import { type PlatformConfig, PROTECTED_RESOURCE_TYPES } from '@jenkins-aws/platform';
import type { PlatformTemplate } from '@jenkins-aws/platform/template';
import { deploymentContext, type StackOptions } from '../aws/deployment-context.js';
import { type Caller, identify } from '../aws/identify.js';
import { type ReviewOptions, reviewPlatform } from '../aws/review-platform.js';
import { resolveTarget } from '../aws/target.js';
import type { CommandContext } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';

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
  await refuseToOverwrite(file);
  const { region } = config;
  const subject = { region, createdAt: new Date() };
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
      ownershipTag: { key: PLATFORM_TAG, value: config.name },
      protectedTypes: PROTECTED_RESOURCE_TYPES,
      allowReplacement: options.allowReplacement ?? [],
    });
    await write(file, plan);
    return { plan, review: undefined };
  }
  const deployment = deploymentContext(command, target, { platform: config.name, caller, verb: 'plan' });
  const review = await reviewPlatform({ config, stacks, target, deployment, options, account: caller.account });
  const plan = savePlan({ ...subject, review, account: caller.account });
  try {
    await write(file, plan);
  } catch (error) {
    await discardReview({ ...deployment, review });
    throw error;
  }
  return { plan, review };
}

async function refuseToOverwrite(file: string): Promise<void> {
  const existing = await readFile(file, 'utf8').catch(() => '');
  if (existing === '' || existing.includes('"formatVersion"')) return;
  throw new CliError('CLI_FILE_EXISTS', `${file} is no plan and is not overwritten; name another place`);
}

async function write(file: string, plan: SavedPlan): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(plan, null, 1)}\n`);
  } catch (cause) {
    throw new CliError('CLI_FILE_UNWRITABLE', `cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
}
