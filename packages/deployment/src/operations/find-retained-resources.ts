import { ListStackResourcesCommand, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { ExistingResource } from '../plan/deployment-review.js';
import { readTemplate } from '../plan/read-template.js';
import { abortable, call, type DeploymentContext } from './deployment-context.js';
import type { StackSummary } from './get-stack-summaries.js';
import { readDeployedTemplate } from './read-deployed-template.js';

/** A resource that stays in the account after its stack was deleted. */
export interface RetainedResource extends ExistingResource {
  readonly stackName: string;
}

/**
 * What the stack's own template says shall stay. A YAML template tells nothing here; its retained resources show in
 * the events of the deletion.
 */
export async function findRetainedResources(
  context: DeploymentContext,
  stack: StackSummary,
): Promise<RetainedResource[]> {
  const retainedIds = await findRetainedIds(context, stack);
  if (retainedIds.size === 0) return [];
  const existing = await listResources(context, stack);
  return existing
    .filter(({ logicalId }) => retainedIds.has(logicalId))
    .map((resource) => ({ stackName: stack.stackName, ...resource }));
}

/** The resources that a deletion of the stack would remove and those that it would leave. */
export async function splitResources(
  context: DeploymentContext,
  stack: StackSummary,
): Promise<{ deleted: ExistingResource[]; retained: ExistingResource[] }> {
  const retainedIds = await findRetainedIds(context, stack);
  const existing = await listResources(context, stack);
  return {
    deleted: existing.filter(({ logicalId }) => !retainedIds.has(logicalId)),
    retained: existing.filter(({ logicalId }) => retainedIds.has(logicalId)),
  };
}

async function findRetainedIds(context: DeploymentContext, stack: StackSummary): Promise<ReadonlySet<string>> {
  if (stack.status === 'REVIEW_IN_PROGRESS') return new Set();
  const template = readTemplate(await readDeployedTemplate(context, stack, 'Processed'));
  return new Set((template?.resources ?? []).filter(({ retained }) => retained).map(({ logicalId }) => logicalId));
}

async function listResources(context: DeploymentContext, stack: StackSummary): Promise<ExistingResource[]> {
  const summaries = await listStackResources(context, stack);
  return summaries.flatMap(
    ({ LogicalResourceId = '', PhysicalResourceId, ResourceType = 'unknown', ResourceStatus }) =>
      PhysicalResourceId && ResourceStatus !== 'DELETE_COMPLETE'
        ? [{ logicalId: LogicalResourceId, type: ResourceType, physicalId: PhysicalResourceId }]
        : [],
  );
}

/** All pages: DescribeStackResources would end at 100 resources. */
export async function listStackResources(
  context: DeploymentContext,
  { stackName, stackId }: Pick<StackSummary, 'stackName' | 'stackId'>,
): Promise<StackResourceSummary[]> {
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
