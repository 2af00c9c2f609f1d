import { GetStackPolicyCommand, SetStackPolicyCommand } from '@aws-sdk/client-cloudformation';
import { deploymentEvents } from '../events.js';
import type { StackDefinition } from '../options/stack-definition.js';
import { openStackPolicy } from '../plan/open-stack-policy.js';
import { abortable, call, type DeploymentContext, withoutSignal } from './deployment-context.js';
import type { StackHandle } from './read-stack-events.js';
import type { LockedContext } from './with-lock.js';

/** The stack policy that the stack has, empty for none. Undefined, and not asked for, where the definition names none. */
export async function findStackPolicy(
  context: DeploymentContext,
  { name, stackPolicyBody }: StackDefinition,
  stackId: string,
): Promise<string | undefined> {
  if (stackPolicyBody === undefined) return undefined;
  const command = new GetStackPolicyCommand({ StackName: stackId });
  const { StackPolicyBody = '' } = await call('GetStackPolicy', name, () =>
    context.cloudFormation.send(command, abortable(context)),
  );
  return StackPolicyBody;
}

/** Sets the stack policy and says so. */
export async function setStackPolicy(
  context: LockedContext,
  { stackName, stackId }: StackHandle,
  stackPolicyBody: string,
): Promise<void> {
  await send(context, { stackName, stackId }, stackPolicyBody);
  context.reporter?.report(deploymentEvents.policyChanged({ stackName, openFor: [] }));
}

/**
 * Runs `update` while the stack policy lets these resources be replaced, and closes it again whatever comes of that. Where
 * somebody stops the watching, the policy stays open, because the update goes on: the next run sees the difference and
 * closes it, as it does after a kill.
 */
export async function withOpenPolicy<Result>(
  context: LockedContext,
  handle: StackHandle,
  { stackPolicyBody, logicalIds }: { readonly stackPolicyBody: string; readonly logicalIds: readonly string[] },
  update: () => Promise<Result>,
): Promise<Result> {
  await send(context, handle, openStackPolicy(stackPolicyBody, logicalIds));
  context.reporter?.report(deploymentEvents.policyChanged({ stackName: handle.stackName, openFor: logicalIds }));
  let result: Result;
  try {
    result = await update();
  } catch (error) {
    // Why the update failed is what the caller has to hear.
    if (!context.signal?.aborted) await setStackPolicy(withoutSignal(context), handle, stackPolicyBody).catch(() => {});
    throw error;
  }
  await setStackPolicy(withoutSignal(context), handle, stackPolicyBody);
  return result;
}

async function send(context: LockedContext, { stackName, stackId }: StackHandle, StackPolicyBody: string) {
  await context.confirmLock?.();
  const command = new SetStackPolicyCommand({ StackName: stackId, StackPolicyBody });
  await call('SetStackPolicy', stackName, () => context.cloudFormation.send(command, abortable(context)));
}
