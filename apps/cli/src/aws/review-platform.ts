import { ownershipTag } from '@jenkins-aws/core';
import {
  type DeploymentContext,
  type DeploymentReview,
  findStacksByTag,
  reviewDeployment,
  toDeploymentError,
} from '@jenkins-aws/deployment';
import { checkSavedPlan, type SavedPlan } from '@jenkins-aws/deployment/saved-plan';
import { checkZones } from '@jenkins-aws/network';
import { formerMasterStacks, type PlatformConfig, PROTECTED_RESOURCE_TYPES } from '@jenkins-aws/platform';
import type { PlatformTemplate } from '@jenkins-aws/platform/template';
import { controllerClients } from './controller-clients.js';
import { explainRefusal } from './explain-failure.js';
import type { AwsTarget } from './target.js';

/** What a person lets a review do beyond the usual. */
export interface ReviewOptions {
  readonly allowReplacement?: readonly string[];
  readonly continueRollback?: boolean;
  readonly skipResource?: readonly string[];
}

export interface ReviewPlatformOptions {
  readonly config: PlatformConfig;
  readonly stacks: readonly PlatformTemplate[];
  readonly target: AwsTarget;
  readonly deployment: DeploymentContext;
  readonly options: ReviewOptions;
  readonly account: string;
  /** What was reviewed before, and shall be done now and nothing else. Default: none, the account is reviewed now. */
  readonly plan?: SavedPlan | undefined;
}

/** What a deploy would do, with the stacks of masters that left the config. Of a saved plan, that it still holds. */
export async function reviewPlatform(options: ReviewPlatformOptions): Promise<DeploymentReview> {
  const { config, stacks, target, deployment, plan, account } = options;
  const { allowReplacement, continueRollback, skipResource } = options.options;
  const { region } = config;
  const { signal } = deployment;
  const { ec2 } = controllerClients(target);
  await checkZones({ ec2, region, availabilityZones: config.network.availabilityZones, signal }).catch((error) => {
    throw toDeploymentError(error, { operation: 'DescribeAvailabilityZones' });
  });
  const tag = ownershipTag(config.name);
  const tagged = await findStacksByTag({ ...deployment, tag });
  const remove = formerMasterStacks(
    config,
    tagged.map(({ stackName }) => stackName),
  );
  const allowed = {
    ...(allowReplacement === undefined ? {} : { allowReplacement }),
    ...(continueRollback === undefined ? {} : { continueRollback }),
    ...(skipResource === undefined ? {} : { skipResources: skipResource }),
  };
  const common = { ...deployment, stacks, remove, releaseProtection: true, present: tagged };
  const review =
    plan === undefined
      ? reviewDeployment({ ...common, ownershipTag: tag, protectedTypes: PROTECTED_RESOURCE_TYPES, ...allowed })
      : checkSavedPlan({ ...common, plan, account, region });
  return review.catch((error) => {
    throw explainRefusal(error);
  });
}
