import { DeleteChangeSetCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { DeploymentError } from '../errors.js';
import { createPacer } from '../internal/create-pacer.js';
import { judgeStatus } from '../internal/judge-status.js';
import { call, type DeploymentContext, isNotFound, withRole } from './deployment-context.js';
import { destroyStack } from './destroy-stack.js';
import { findStack } from './get-stack-summaries.js';
import type { LockedContext } from './with-lock.js';

/** Deletes a change set that is not going to be executed. One that is gone already is fine. */
export async function deleteChangeSet(
  { cloudFormation }: DeploymentContext,
  stackName: string,
  changeSetId: string,
): Promise<void> {
  await call('DeleteChangeSet', stackName, async () => {
    try {
      await cloudFormation.send(new DeleteChangeSetCommand({ ChangeSetName: changeSetId }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  });
}

/**
 * How often a deletion is looked at before it is left to itself: half a minute with the default pace, where AWS needs
 * seconds for a stack without resources.
 */
const DELETION_LOOKS = 10;

/**
 * Deletes the empty stack that a CREATE change set leaves behind, and waits until it is gone, because the next run would
 * be refused meanwhile. Leaves alone what has become a real stack.
 */
export async function deleteUnfinishedStack(context: LockedContext, stackName: string, stackId: string): Promise<void> {
  const stack = await findStack(context, stackId);
  if (stack?.status !== 'REVIEW_IN_PROGRESS') return;
  await context.confirmLock?.();
  const command = new DeleteStackCommand({ StackName: stackId, ...withRole(context) });
  await call('DeleteStack', stackName, () => context.cloudFormation.send(command));
  const pause = createPacer(context.pollIntervalMilliseconds);
  for (let look = 0; look < DELETION_LOOKS; look += 1) {
    const { status } = (await findStack(context, stackId)) ?? {};
    // Right after the call a stack may still show its old status.
    if (status !== 'REVIEW_IN_PROGRESS' && status !== 'DELETE_IN_PROGRESS') return;
    await pause(context.signal);
  }
}

/**
 * Deletes what a failed first creation left, and follows that to its end. What the template retained stays and is
 * reported. A stack that is gone by now is fine.
 */
export async function deleteFailedCreation(context: LockedContext, stackName: string, stackId: string): Promise<void> {
  const stack = await findStack(context, stackId);
  if (stack === undefined || stack.status === 'DELETE_COMPLETE') return;
  // Whatever holds resources is never deleted on the strength of an old review.
  if (judgeStatus(stack.status).kind !== 'leftover' && stack.status !== 'DELETE_IN_PROGRESS') {
    throw new DeploymentError(
      'DEPLOYMENT_REVIEW_STALE',
      `stack '${stackName}' was reviewed as the remains of a failed creation and is in ${stack.status} by now: review again`,
    );
  }
  await destroyStack(context, stack);
}
