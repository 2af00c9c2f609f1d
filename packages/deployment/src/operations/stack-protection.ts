import { UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { deploymentEvents } from '../events.js';
import { abortable, call, type DeploymentContext } from './deployment-context.js';
import type { StackHandle } from './read-stack-events.js';

/** Switches termination protection and says so. */
export async function setTerminationProtection(
  context: DeploymentContext,
  { stackName, stackId }: StackHandle,
  enabled: boolean,
): Promise<void> {
  const command = new UpdateTerminationProtectionCommand({ StackName: stackId, EnableTerminationProtection: enabled });
  await call('UpdateTerminationProtection', stackName, () => context.cloudFormation.send(command, abortable(context)));
  context.reporter?.report(deploymentEvents.protectionChanged({ stackName, enabled }));
}
