import {
  GetTemplateCommand,
  ListStackResourcesCommand,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { readTemplate } from '../plan/read-template.js';
import { abortable, call, type DeploymentContext } from './deployment-context.js';
import type { StackSummary } from './get-stack-summaries.js';

/** A resource that stays in the account after its stack was deleted. */
export interface RetainedResource {
  readonly stackName: string;
  readonly logicalId: string;
  /** E.g. `AWS::EFS::FileSystem`. */
  readonly type: string;
  readonly physicalId: string;
}

/**
 * What the stack's own template says shall stay. A YAML template tells nothing here; its retained resources show in
 * the events of the deletion.
 */
export async function findRetainedResources(
  context: DeploymentContext,
  { stackName, stackId, status }: StackSummary,
): Promise<RetainedResource[]> {
  if (status === 'REVIEW_IN_PROGRESS') return [];
  const command = new GetTemplateCommand({ StackName: stackId, TemplateStage: 'Processed' });
  const { TemplateBody = '' } = await call('GetTemplate', stackName, () =>
    context.cloudFormation.send(command, abortable(context)),
  );
  const declared = readTemplate(TemplateBody)?.resources.filter(({ retained }) => retained) ?? [];
  if (declared.length === 0) return [];
  const retained = new Set(declared.map(({ logicalId }) => logicalId));
  const resources = await listResources(context, stackName, stackId);
  return resources.flatMap(
    ({ LogicalResourceId = '', PhysicalResourceId, ResourceType = 'unknown', ResourceStatus }) =>
      retained.has(LogicalResourceId) && PhysicalResourceId && ResourceStatus !== 'DELETE_COMPLETE'
        ? [{ stackName, logicalId: LogicalResourceId, type: ResourceType, physicalId: PhysicalResourceId }]
        : [],
  );
}

/** All pages: DescribeStackResources would end at 100 resources. */
async function listResources(context: DeploymentContext, stackName: string, stackId: string) {
  const resources: StackResourceSummary[] = [];
  let token: string | undefined;
  do {
    const command = new ListStackResourcesCommand({ StackName: stackId, NextToken: token });
    const page = await call('ListStackResources', stackName, () =>
      context.cloudFormation.send(command, abortable(context)),
    );
    resources.push(...(page.StackResourceSummaries ?? []));
    token = page.NextToken || undefined;
  } while (token !== undefined);
  return resources;
}
