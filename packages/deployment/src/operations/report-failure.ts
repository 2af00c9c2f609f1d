import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { silentReporter } from '@jenkins-aws/core';
import { DeploymentError, type StackFailure } from '../errors.js';
import { deploymentEvents } from '../events.js';
import { findFirstCause, findInstanceId, hintForReason } from '../internal/first-cause.js';
import { judgeStatus } from '../internal/judge-status.js';
import { call, type DeploymentContext } from './deployment-context.js';
import { followStack, type StackEnding } from './follow-stack.js';
import { findNewestEventId, findValidationFailure, type StackHandle } from './read-stack-events.js';

/** Finds out why a stack operation failed, removes what a failed creation left, and makes the error that says so. */
export async function reportFailure(
  context: DeploymentContext,
  handle: StackHandle,
  ending: StackEnding,
  action: 'create' | 'update' | 'delete',
): Promise<DeploymentError> {
  const { reporter = silentReporter } = context;
  const { stackName, stackId } = handle;
  const cause = await findCause(context, handle, ending);
  const status =
    ending.stack.status === 'ROLLBACK_COMPLETE' && action === 'create'
      ? await removeRolledBackStack(context, handle)
      : ending.stack.status;
  const failure: StackFailure = { stackName, stackId, status, ...cause };
  reporter.report(
    deploymentEvents.stackFailed({ stackName, status, logicalId: cause.logicalId, reason: cause.reason }),
  );
  const what = cause.logicalId === undefined ? '' : `${cause.logicalId} (${cause.type}): `;
  const hints = [hintForReason(cause.reason), aftermath(status, action)].filter((hint) => hint !== undefined);
  return new DeploymentError(
    action === 'delete' ? 'DEPLOYMENT_DELETE_FAILED' : 'DEPLOYMENT_STACK_FAILED',
    `could not ${action} stack '${stackName}', ${what}${cause.reason.replace(/\s+/g, ' ').trim()}`,
    { failure, ...(hints.length === 0 ? {} : { hint: hints.join('. ') }) },
  );
}

async function findCause(context: DeploymentContext, handle: StackHandle, { stack, events }: StackEnding) {
  const event = findFirstCause(events);
  if (event !== undefined && !event.ofStack) {
    const { logicalId, type, reason = '' } = event;
    const instanceId = findInstanceId(events, event);
    return { logicalId, type, reason, ...(instanceId === undefined ? {} : { instanceId }) };
  }
  const validation = await findValidationFailure(context, { StackName: handle.stackId }, events[0]?.at);
  if (validation !== undefined) return validation;
  const reason = event?.reason ?? stack.statusReason ?? `it ended in ${stack.status} and AWS gives no reason`;
  return { logicalId: undefined, type: undefined, reason };
}

/** A rolled back first creation holds nothing and takes no update: it would only be in the way of the next attempt. */
async function removeRolledBackStack(context: DeploymentContext, handle: StackHandle): Promise<string> {
  const { reporter: _, ...quiet } = context;
  try {
    const newestEventId = await findNewestEventId(quiet, handle);
    const command = new DeleteStackCommand({ StackName: handle.stackId });
    await call('DeleteStack', handle.stackName, () => context.cloudFormation.send(command));
    return (await followStack(quiet, handle, newestEventId)).stack.status;
  } catch {
    // The cause of the failed creation is what the caller has to hear; the status says that the stack is still there.
    return 'ROLLBACK_COMPLETE';
  }
}

function aftermath(status: string, action: 'create' | 'update' | 'delete'): string | undefined {
  if (status === 'DELETE_COMPLETE') return 'what had been made was removed again, run again when the cause is gone';
  if (status === 'UPDATE_ROLLBACK_COMPLETE') return 'the stack is back to what it was before';
  if (action === 'delete') return undefined;
  const readiness = judgeStatus(status);
  if (readiness.kind === 'leftover') return `the stack is still there in ${status}: the next run deletes it first`;
  return readiness.kind === 'stuck' ? `the stack is in ${status}: ${readiness.wayOut}` : undefined;
}
