import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import { beginStep, call, withoutSignal, withRole } from './deployment-context.js';
import { findRetainedResources, type RetainedResource } from './find-retained-resources.js';
import { followStack } from './follow-stack.js';
import type { StackSummary } from './get-stack-summaries.js';
import { findEventBeforeOperation, findNewestEventId } from './read-stack-events.js';
import { reportFailure } from './report-failure.js';
import { setTerminationProtection } from './stack-protection.js';
import type { LockedContext } from './with-lock.js';

export interface DestroyStackOptions extends LockedContext {
  /** Whether termination protection is switched off first. Default: no, CloudFormation then refuses. */
  readonly releaseProtection?: boolean;
}

/**
 * Deletes a stack, or follows its deletion, until it is gone. Returns, and reports, what stays in the account. Where it
 * does not go, termination protection that was switched off for it is switched on again.
 */
export async function destroyStack(context: DestroyStackOptions, stack: StackSummary): Promise<RetainedResource[]> {
  const { reporter = silentReporter } = context;
  const { stackName, stackId } = stack;
  const declared = await findRetainedResources(context, stack);
  const before = await beginDeletion(context, stack);
  reporter.report(deploymentEvents.deletionStarted({ stackName, stackId }));
  const ending = await followStack(context, stack, before);
  if (ending.stack.status !== 'DELETE_COMPLETE') {
    await protectAgain(context, stack);
    throw await reportFailure(context, stack, ending, 'delete');
  }

  const retained = new Map(declared.map((resource) => [resource.logicalId, resource]));
  for (const { status, logicalId, type, physicalId } of ending.events) {
    if (status !== 'DELETE_SKIPPED' || physicalId === undefined) continue;
    retained.set(logicalId, { stackName, logicalId, type, physicalId });
  }
  for (const resource of retained.values()) reporter.report(deploymentEvents.resourceRetained(resource));
  const { elapsedMilliseconds } = ending;
  reporter.report(deploymentEvents.deletionFinished({ stackName, elapsedMilliseconds }));
  return [...retained.values()];
}

/** Deletes the stack, or takes up a deletion that is under way. Returns the id of the last event before it. */
async function beginDeletion(context: DestroyStackOptions, stack: StackSummary): Promise<string | undefined> {
  if (stack.status === 'DELETE_IN_PROGRESS') return findEventBeforeOperation(context, stack);
  const newestEventId = await findNewestEventId(context, stack);
  await beginStep(context, stack.stackName);
  try {
    if (releases(context, stack)) await setTerminationProtection(context, stack, false);
    const command = new DeleteStackCommand({ StackName: stack.stackId, ...withRole(context) });
    await context.confirmLock?.();
    await call('DeleteStack', stack.stackName, () => context.cloudFormation.send(command));
  } catch (error) {
    await protectAgain(context, stack);
    throw error;
  }
  return newestEventId;
}

function releases({ releaseProtection }: DestroyStackOptions, { terminationProtection }: StackSummary): boolean {
  return releaseProtection === true && terminationProtection;
}

/** A stack that stays is protected as it was. Why it stays is what the caller has to hear, so nothing is thrown. */
async function protectAgain(context: DestroyStackOptions, stack: StackSummary): Promise<void> {
  if (!releases(context, stack)) return;
  await setTerminationProtection(withoutSignal(context), stack, true).catch((error) => {
    const why = error instanceof Error ? error.message : String(error);
    context.reporter?.report(deploymentEvents.protectionLeftOff({ stackName: stack.stackName, why }));
  });
}
