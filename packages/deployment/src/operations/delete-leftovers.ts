import { DeleteChangeSetCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { call, type DeploymentContext, isNotFound } from './deployment-context.js';
import { findStack } from './get-stack-summaries.js';

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

/** Deletes the empty stack that a CREATE change set leaves behind. Leaves alone what has become a real stack. */
export async function deleteUnfinishedStack(
  context: DeploymentContext,
  stackName: string,
  stackId: string,
): Promise<void> {
  const stack = await findStack(context, stackId);
  if (stack?.status !== 'REVIEW_IN_PROGRESS') return;
  const command = new DeleteStackCommand({ StackName: stackId });
  await call('DeleteStack', stackName, () => context.cloudFormation.send(command));
}
