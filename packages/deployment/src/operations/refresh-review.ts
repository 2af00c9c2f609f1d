import { silentReporter } from '@jenkins-aws/core';
import { DeploymentError } from '../errors.js';
import { deploymentEvents } from '../events.js';
import { throwProblems } from '../internal/throw-problems.js';
import { chooseTags } from '../plan/choose-tags.js';
import type { DeploymentReview, StackReview } from '../plan/deployment-review.js';
import { findRefusedChanges, REPLACEMENT_WAY_OUT } from '../plan/find-refused-changes.js';
import { describeChange, findUnannouncedChanges, findUnreviewedChanges } from '../plan/resource-change.js';
import { type ChangeSet, createChangeSet } from './create-change-set.js';
import { deleteChangeSet } from './delete-leftovers.js';
import { type DeploymentContext, withoutSignal } from './deployment-context.js';
import { findStack } from './get-stack-summaries.js';
import { parametersRead, readParameterValues } from './read-parameter-values.js';
import { isUnchanged } from './review-stack.js';

/**
 * Makes a new change set in place of the reviewed one, or of a review from the templates, and refuses it when it holds
 * more than was reviewed or would replace what is protected.
 */
export async function refreshReview(
  context: DeploymentContext & { readonly review: DeploymentReview },
  { definition, basis, changes: reviewed = [], changeSetId: staleId, stackId = '' }: StackReview,
  reason: string,
): Promise<ChangeSet> {
  const { name: stackName } = definition;
  if (staleId !== undefined) await deleteChangeSet(context, stackName, staleId);
  const stack = await findStack(context, stackId);
  const { ownershipTag, protectedTypes, allowReplacement } = context.review;
  const { reporter = silentReporter } = context;
  const resolved = await readParameterValues(context, stack === undefined ? [] : parametersRead(stack));
  if (await isUnchanged(context, { definition, stack, ownershipTag, resolved })) {
    reporter.report(deploymentEvents.reviewRefreshed({ stackName, reason }));
    return { changeSetId: undefined, stackId, changes: [] };
  }
  const tags = chooseTags(definition, ownershipTag, stack?.tags ?? {});
  const fresh = await createChangeSet(context, definition, 'UPDATE', tags);
  const findMore = basis === 'template' ? findUnannouncedChanges : findUnreviewedChanges;
  const unreviewed = findMore(reviewed, fresh.changes);
  const refused = findRefusedChanges(stackName, fresh.changes, { protectedTypes, allowReplacement });
  if (unreviewed.length > 0 || refused.length > 0) {
    if (fresh.changeSetId !== undefined) await deleteChangeSet(withoutSignal(context), stackName, fresh.changeSetId);
    // First, because another review would not help.
    throwProblems(refused, `the stacks before it are done: ${REPLACEMENT_WAY_OUT}`);
    throw new DeploymentError(
      'DEPLOYMENT_REVIEW_STALE',
      `stack '${stackName}' was not touched, because ${reason} and more would happen now than was reviewed: ${unreviewed.map(describeChange).join(', ')}`,
      {
        problems: unreviewed.map((change) => ({
          code: 'DEPLOYMENT_REVIEW_STALE',
          message: describeChange(change),
          path: ['stacks', stackName, change.logicalId],
        })),
        hint: 'the stacks before it are done: review again to see and approve the rest',
      },
    );
  }
  reporter.report(deploymentEvents.reviewRefreshed({ stackName, reason }));
  return fresh;
}
