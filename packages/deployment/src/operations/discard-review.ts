import { silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import { deleteChangeSet, deleteUnfinishedStack } from './delete-leftovers.js';
import { type DeploymentContext, withoutSignal } from './deployment-context.js';
import type { DeploymentReview, StackReview } from './review-deployment.js';

export interface DiscardReviewOptions extends DeploymentContext {
  readonly review: Pick<DeploymentReview, 'stacks' | 'ownershipTag'>;
}

/**
 * Deletes what a review that nobody wants left in the account: its change sets, and the empty stack that an earlier,
 * killed run left in REVIEW_IN_PROGRESS; waits up to half a minute until that is gone. Works after the signal went off.
 *
 * Permissions: `cloudformation:DeleteChangeSet`, `DescribeStacks`, `DeleteStack`. Costs nothing.
 *
 * @throws DeploymentError when the account cannot be asked
 */
export async function discardReview(options: DiscardReviewOptions): Promise<void> {
  const { reporter = silentReporter, review } = options;
  const context = withoutSignal(options);
  const pending = review.stacks.filter(isPending);
  for (const { definition, action, changeSetId, stackId } of pending) {
    if (changeSetId !== undefined) await deleteChangeSet(context, definition.name, changeSetId);
    else if (action === 'create' && stackId !== undefined) {
      await deleteUnfinishedStack(context, definition.name, stackId);
    }
  }
  reporter.report(deploymentEvents.reviewDiscarded({ stackNames: pending.map(({ definition }) => definition.name) }));
}

function isPending({ action, leftover, changeSetId, stackId }: StackReview): boolean {
  // The remains of a failed creation are no work of the review.
  return changeSetId !== undefined || (action === 'create' && stackId !== undefined && leftover === undefined);
}
