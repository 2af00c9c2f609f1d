import { MASTER_TAG, PLATFORM_TAG } from '@jenkins-aws/core';
import { type DeploymentReview, toDeploymentError } from '@jenkins-aws/deployment';
import { findHomes } from '@jenkins-aws/master';
import { type PlatformConfig, platformStacks } from '@jenkins-aws/platform';
import { controllerClients } from './controller-clients.js';
import type { AwsTarget } from './target.js';

/** Homes that stayed from a platform of this name: a new data stack makes a new, empty one beside them. */
export async function formerHomes(
  config: PlatformConfig,
  review: DeploymentReview,
  target: AwsTarget,
  signal: AbortSignal,
): Promise<readonly { master: string; fileSystemId: string }[]> {
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
