import { UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { deploymentEvents } from '../events.js';
import { abortable, call } from './deployment-context.js';
import type { StackHandle } from './read-stack-events.js';
import type { LockedContext } from './with-lock.js';

/** Switches termination protection and says so. */
export async function setTerminationProtection(
  context: LockedContext,
  { stackName, stackId }: StackHandle,
  enabled: boolean,
): Promise<void> {
  await context.confirmLock?.();
  const command = new UpdateTerminationProtectionCommand({ StackName: stackId, EnableTerminationProtection: enabled });
  await call('UpdateTerminationProtection', stackName, () => context.cloudFormation.send(command, abortable(context)));
  context.reporter?.report(deploymentEvents.protectionChanged({ stackName, enabled }));
}
