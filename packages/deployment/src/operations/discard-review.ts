import { silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import { joinFailures } from '../internal/join-failures.js';
import { runGraph } from '../internal/run-graph.js';
import type { DeploymentReview, StackReview } from '../plan/deployment-review.js';
import { deleteChangeSet, deleteUnfinishedStack } from './delete-leftovers.js';
import { type DeploymentContext, withoutSignal } from './deployment-context.js';

export interface DiscardReviewOptions extends DeploymentContext {
  readonly review: Pick<DeploymentReview, 'stacks'>;
}

/**
 * Deletes what a review that nobody wants left in the account: its change sets, and the empty stacks that an earlier,
 * killed run left in REVIEW_IN_PROGRESS; waits up to half a minute until they are gone. Works after the signals went off,
 * and goes on with the other stacks where it fails with one.
 *
 * Permissions: `cloudformation:DeleteChangeSet`, `DescribeStacks`, `DeleteStack`. Costs nothing.
 *
 * @throws DeploymentError when the account cannot be asked
 */
export async function discardReview(options: DiscardReviewOptions): Promise<void> {
  const { reporter = silentReporter, review } = options;
  const context = withoutSignal(options);
  const pending = review.stacks.filter(isPending);
  const errors: { stackName: string; error: unknown }[] = [];
  await runGraph(
    pending.map((stack) => ({ name: stack.definition.name, stack })),
    ({ name, stack }) =>
      discardStack(context, name, stack).catch((error) => {
        errors.push({ stackName: name, error });
      }),
  );
  const failure = joinFailures(errors, 'DeleteChangeSet');
  if (failure !== undefined) throw failure;
  reporter.report(deploymentEvents.reviewDiscarded({ stackNames: pending.map(({ definition }) => definition.name) }));
}

async function discardStack(context: DeploymentContext, name: string, stack: StackReview): Promise<void> {
  const { action, changeSetId, stackId } = stack;
  if (changeSetId !== undefined) await deleteChangeSet(context, name, changeSetId);
  else if (action === 'create' && stackId !== undefined) await deleteUnfinishedStack(context, name, stackId);
}

function isPending({ action, leftover, changeSetId, stackId }: StackReview): boolean {
  // The remains of a failed creation are no work of the review.
  return changeSetId !== undefined || (action === 'create' && stackId !== undefined && leftover === undefined);
}
