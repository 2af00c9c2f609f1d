import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { abortable, call, type DeploymentContext } from './deployment-context.js';
import type { StackSummary } from './get-stack-summaries.js';

/** The template that the stack has, as it was given (`Original`) or with its macros expanded (`Processed`). */
export async function readDeployedTemplate(
  context: DeploymentContext,
  { stackName, stackId }: Pick<StackSummary, 'stackName' | 'stackId'>,
  stage: 'Original' | 'Processed',
): Promise<string> {
  const command = new GetTemplateCommand({ StackName: stackId, TemplateStage: stage });
  const { TemplateBody = '' } = await call('GetTemplate', stackName, () =>
    context.cloudFormation.send(command, abortable(context)),
  );
  return TemplateBody;
}

/** The template that a change set was made from. */
export async function readChangeSetTemplate(
  context: DeploymentContext,
  stackName: string,
  changeSetId: string,
): Promise<string> {
  const command = new GetTemplateCommand({ ChangeSetName: changeSetId, TemplateStage: 'Original' });
  const { TemplateBody = '' } = await call('GetTemplate', stackName, () =>
    context.cloudFormation.send(command, abortable(context)),
  );
  return TemplateBody;
}
