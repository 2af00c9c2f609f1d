import { randomUUID } from 'node:crypto';
import { ExecuteChangeSetCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import { chooseTags } from '../plan/choose-tags.js';
import { toDeploymentError } from '../to-deployment-error.js';
import { type ChangeSet, createChangeSet } from './create-change-set.js';
import { deleteChangeSet, deleteFailedCreation, deleteUnfinishedStack } from './delete-leftovers.js';
import { abortable, call, type DeploymentContext, throwIfAborted, withoutSignal } from './deployment-context.js';
import { discardReview } from './discard-review.js';
import { followStack, type StackEnding } from './follow-stack.js';
import { isExecutable } from './read-change-set.js';
import { findNewestEventId, type StackHandle } from './read-stack-events.js';
import { refreshReview } from './refresh-review.js';
import { reportFailure } from './report-failure.js';
import type { DeploymentReview, StackReview } from './review-deployment.js';

export interface ExecuteDeploymentOptions extends DeploymentContext {
  readonly review: DeploymentReview;
}

export interface DeploymentResult {
  /** In the order of deployment. */
  readonly stacks: readonly StackResult[];
}

export interface StackResult {
  readonly stackName: string;
  readonly stackId: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Executes what was reviewed, stack after stack, and nothing else. A new stack gets its change set at its turn,
 * because it may read what earlier ones make. A stack that depends on one that changed in this run is looked at again
 * first, and refused when anything would happen that was not reviewed, or to a type that the review protects. So is one
 * whose review was made from the templates: there every change has to be of a resource and an action that the review
 * lists, whatever becomes of the resource.
 *
 * A failed update is rolled back. A failed first creation is rolled back with everything it made, also what the
 * template retains, and the empty stack is deleted, so that the next run starts clean. Where nobody was there to delete
 * it, it was reviewed as a `leftover` and is deleted before the stack is made anew. Stacks that were finished before
 * stay; change sets that were not executed are deleted.
 *
 * Permissions: `cloudformation:CreateChangeSet`, `DescribeChangeSet`, `ExecuteChangeSet`, `DeleteChangeSet`,
 * `DescribeStacks`, `DescribeStackEvents`, `DescribeEvents`, `DeleteStack`, `GetTemplate`, `ListStackResources`,
 * `UpdateTerminationProtection`, and those for every resource of the templates. Costs what the resources cost.
 *
 * @throws DeploymentError with the first real cause in `failure` when a stack fails, DEPLOYMENT_REVIEW_STALE with each
 *   change that was not reviewed, DEPLOYMENT_REPLACEMENT_REFUSED with each protected resource that would go,
 *   DEPLOYMENT_DELETE_FAILED when a leftover cannot be deleted,
 *   DEPLOYMENT_ABORTED when the signal went off: CloudFormation then finishes the stack that it is at work on
 */
export async function executeDeployment(options: ExecuteDeploymentOptions): Promise<DeploymentResult> {
  const { review } = options;
  const results: StackResult[] = [];
  const changed = new Set<string>();
  for (const [index, stack] of review.stacks.entries()) {
    const { name, dependsOn = [] } = stack.definition;
    try {
      throwIfAborted(options, name);
      const moved = dependsOn.find((dependency) => changed.has(dependency));
      const result = await executeStack(options, stack, moved);
      // A stack that depends on a moved one counts as moved: what it hands on may come from there.
      if (result.outcome !== 'unchanged' || moved !== undefined) changed.add(name);
      results.push(result);
    } catch (error) {
      const rest = { ...review, stacks: review.stacks.slice(index) };
      const { reporter: _, ...quiet } = options;
      await discardReview({ ...quiet, review: rest }).catch(() => {});
      throw toDeploymentError(error, { operation: 'ExecuteChangeSet', stackName: name });
    }
  }
  return { stacks: results };
}

async function executeStack(
  context: ExecuteDeploymentOptions,
  review: StackReview,
  movedDependency: string | undefined,
): Promise<StackResult> {
  const { reporter = silentReporter } = context;
  const stackName = review.definition.name;
  const { stackId, changeSetId, changes } = await changeSetFor(context, review, movedDependency);
  let result: StackResult = { stackName, stackId, outcome: 'unchanged', outputs: review.outputs };
  let elapsedMilliseconds = 0;
  if (changeSetId !== undefined) {
    const ending = await executeChangeSet(context, review, { stackId, changeSetId, changes });
    const outcome = review.action === 'create' ? 'created' : 'updated';
    result = { stackName, stackId, outcome, outputs: ending.stack.outputs };
    elapsedMilliseconds = ending.elapsedMilliseconds;
  }
  await protect(context, review, stackId);
  reporter.report(deploymentEvents.stackFinished({ stackName, outcome: result.outcome, elapsedMilliseconds }));
  return result;
}

async function changeSetFor(
  context: ExecuteDeploymentOptions,
  review: StackReview,
  movedDependency: string | undefined,
): Promise<ChangeSet> {
  const { definition, action, basis, leftover, changeSetId, stackId = '', changes = [] } = review;
  if (action === 'create') {
    if (leftover !== undefined) await deleteFailedCreation(context, definition.name, stackId);
    return createChangeSet(context, definition, 'CREATE', chooseTags(definition, context.review.ownershipTag, {}));
  }
  if (movedDependency !== undefined) return refreshReview(context, review, `'${movedDependency}' changed before it`);
  if (basis === 'template') return refreshReview(context, review, 'its review was made from the templates');
  if (changeSetId !== undefined && !(await isExecutable(context, definition.name, changeSetId))) {
    return refreshReview(context, review, 'its change set is gone or outdated');
  }
  return { changeSetId, stackId, changes };
}

async function executeChangeSet(
  context: ExecuteDeploymentOptions,
  review: StackReview,
  changeSet: { readonly changeSetId: string } & Pick<ChangeSet, 'stackId' | 'changes'>,
): Promise<StackEnding> {
  const { reporter = silentReporter } = context;
  const isNew = review.action === 'create';
  const stackName = review.definition.name;
  const { stackId } = changeSet;
  const handle = { stackName, stackId };
  const newestEventId = await start(context, handle, changeSet.changeSetId, isNew);
  const resources = changeSet.changes.length;
  reporter.report(
    deploymentEvents.stackStarted({ stackName, stackId, action: isNew ? 'create' : 'update', resources }),
  );
  const ending = await followStack(context, handle, newestEventId);
  if (ending.stack.status !== (isNew ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE')) {
    throw await reportFailure(context, handle, ending, isNew ? 'create' : 'update');
  }
  return ending;
}

/**
 * Starts the execution and returns the id of the last event before it. A change set that could not be started is
 * deleted, with the empty stack around it.
 *
 * `RetainExceptOnCreate`: what a failed operation made is removed with it, also where the template says Retain. An
 * empty file system with a fixed name would otherwise stay behind and stop the next attempt.
 */
async function start(
  context: DeploymentContext,
  handle: StackHandle,
  changeSetId: string,
  isNew: boolean,
): Promise<string | undefined> {
  const { stackName, stackId } = handle;
  try {
    const newestEventId = isNew ? undefined : await findNewestEventId(context, handle);
    throwIfAborted(context, stackName);
    const command = new ExecuteChangeSetCommand({
      ChangeSetName: changeSetId,
      DisableRollback: false,
      RetainExceptOnCreate: true,
      // A repeated request whose first answer got lost is the same request.
      ClientRequestToken: randomUUID(),
    });
    // Not abortable: after an abort nobody could say whether CloudFormation had begun.
    await call('ExecuteChangeSet', stackName, () => context.cloudFormation.send(command));
    return newestEventId;
  } catch (error) {
    await deleteChangeSet(withoutSignal(context), stackName, changeSetId).catch(() => {});
    if (isNew) await deleteUnfinishedStack(withoutSignal(context), stackName, stackId).catch(() => {});
    throw error;
  }
}

async function protect(context: ExecuteDeploymentOptions, review: StackReview, stackId: string): Promise<void> {
  const { terminationProtection: enabled, definition } = review;
  if (enabled === undefined) return;
  const command = new UpdateTerminationProtectionCommand({ StackName: stackId, EnableTerminationProtection: enabled });
  await call('UpdateTerminationProtection', definition.name, () =>
    context.cloudFormation.send(command, abortable(context)),
  );
  context.reporter?.report(deploymentEvents.protectionChanged({ stackName: definition.name, enabled }));
}
