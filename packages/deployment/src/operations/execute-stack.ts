import { randomUUID } from 'node:crypto';
import { ExecuteChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { silentReporter } from '@jenkins-aws/core';
import { DeploymentError } from '../errors.js';
import { deploymentEvents } from '../events.js';
import type { LeftBehindResource } from '../internal/find-left-behind.js';
import { chooseTags } from '../plan/choose-tags.js';
import type { DeploymentReview, StackReview } from '../plan/deployment-review.js';
import { findAllowedReplacements } from '../plan/find-refused-changes.js';
import { type ChangeSet, createChangeSet } from './create-change-set.js';
import { deleteChangeSet, deleteFailedCreation, deleteUnfinishedStack } from './delete-leftovers.js';
import { beginStep, call, withoutSignal } from './deployment-context.js';
import { followStack, type StackEnding } from './follow-stack.js';
import { isExecutable } from './read-change-set.js';
import { findNewestEventId, type StackHandle } from './read-stack-events.js';
import { refreshReview } from './refresh-review.js';
import { reportFailure } from './report-failure.js';
import { hasSameInputs } from './review-stack.js';
import { setStackPolicy, withOpenPolicy } from './stack-policy.js';
import { setTerminationProtection } from './stack-protection.js';
import type { LockedContext } from './with-lock.js';

export interface StackResult {
  readonly stackName: string;
  readonly stackId: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * What the update took out of the stack and CloudFormation could not delete. It belongs to no stack any more, stays in
   * the account and goes on costing. What nested stacks left is not seen. Mostly empty.
   */
  readonly leftBehind: readonly LeftBehindResource[];
}

interface ExecutionContext extends LockedContext {
  readonly review: DeploymentReview;
}

/** Does with one stack what was reviewed. `movedDependency` is a stack before it that changed in this run. */
export async function executeStack(
  context: ExecutionContext,
  review: StackReview,
  movedDependency: string | undefined,
): Promise<StackResult> {
  const { reporter = silentReporter } = context;
  const stackName = review.definition.name;
  const isNew = review.action === 'create';
  const { stackId, changeSetId, changes } = await changeSetFor(context, review, movedDependency);
  const handle = { stackName, stackId };
  if (!isNew && review.stackPolicyBody !== undefined) await setStackPolicy(context, handle, review.stackPolicyBody);
  let result: StackResult = { stackName, stackId, outcome: 'unchanged', outputs: review.outputs, leftBehind: [] };
  let elapsedMilliseconds = 0;
  if (changeSetId !== undefined) {
    const ending = await executeOpened(context, review, { stackId, changeSetId, changes });
    const { leftBehind } = ending;
    const { outputs } = ending.stack;
    result = { stackName, stackId, outcome: isNew ? 'created' : 'updated', outputs, leftBehind };
    elapsedMilliseconds = ending.elapsedMilliseconds;
  }
  if (isNew && review.stackPolicyBody !== undefined) await setStackPolicy(context, handle, review.stackPolicyBody);
  if (review.terminationProtection !== undefined) {
    await setTerminationProtection(context, handle, review.terminationProtection);
  }
  reporter.report(deploymentEvents.stackFinished({ stackName, outcome: result.outcome, elapsedMilliseconds }));
  return result;
}

async function changeSetFor(
  context: ExecutionContext,
  review: StackReview,
  movedDependency: string | undefined,
): Promise<ChangeSet> {
  const { definition, action, basis, leftover, changeSetId, stackId = '', changes = [] } = review;
  if (action === 'create') {
    if (leftover !== undefined) await deleteFailedCreation(context, definition.name, stackId);
    return createChangeSet(context, definition, 'CREATE', chooseTags(definition, context.review.ownershipTag, {}));
  }
  if (basis === 'template') return refreshReview(context, review, 'its review was made from the templates');
  if (movedDependency !== undefined && !(await hasSameInputs(context, review))) {
    return refreshReview(context, review, `'${movedDependency}' changed before it`);
  }
  if (changeSetId !== undefined && !(await isExecutable(context, definition.name, changeSetId))) {
    if (!context.review.saved) return refreshReview(context, review, 'its change set is gone or outdated');
    throw new DeploymentError(
      'DEPLOYMENT_PLAN_MOVED',
      `stack '${definition.name}' was not touched, because the change set of the saved plan is gone or outdated: plan again`,
    );
  }
  return { changeSetId, stackId, changes };
}

type ReadyChangeSet = { readonly changeSetId: string } & Pick<ChangeSet, 'stackId' | 'changes'>;

/** With the stack policy open for what may be replaced, where the policy is the caller's. */
async function executeOpened(
  context: ExecutionContext,
  review: StackReview,
  changeSet: ReadyChangeSet,
): Promise<StackEnding> {
  const { name: stackName, stackPolicyBody } = review.definition;
  const logicalIds = findAllowedReplacements(stackName, changeSet.changes, context.review.allowReplacement);
  if (review.action === 'create' || stackPolicyBody === undefined || logicalIds.length === 0) {
    return executeChangeSet(context, review, changeSet);
  }
  const handle = { stackName, stackId: changeSet.stackId };
  return withOpenPolicy(context, handle, { stackPolicyBody, logicalIds }, () =>
    executeChangeSet(context, review, changeSet),
  );
}

async function executeChangeSet(
  context: LockedContext,
  review: StackReview,
  { stackId, changeSetId, changes }: ReadyChangeSet,
): Promise<StackEnding> {
  const { reporter = silentReporter } = context;
  const isNew = review.action === 'create';
  const stackName = review.definition.name;
  const handle = { stackName, stackId };
  const newestEventId = await start(context, handle, changeSetId, isNew);
  reporter.report(
    deploymentEvents.stackStarted({
      stackName,
      stackId,
      action: isNew ? 'create' : 'update',
      resources: changes.length,
    }),
  );
  const ending = await followStack(context, handle, newestEventId);
  if (ending.stack.status !== (isNew ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE')) {
    const { templateBody } = review.definition;
    throw await reportFailure(context, handle, ending, isNew ? 'create' : 'update', templateBody);
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
  context: LockedContext,
  handle: StackHandle,
  changeSetId: string,
  isNew: boolean,
): Promise<string | undefined> {
  const { stackName, stackId } = handle;
  try {
    const newestEventId = isNew ? undefined : await findNewestEventId(context, handle);
    await beginStep(context, stackName);
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
