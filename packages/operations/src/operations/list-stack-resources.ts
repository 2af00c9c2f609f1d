import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type StackSummary, toDeploymentError } from '@jenkins-aws/deployment';
import { collect } from '../internal/collect.js';

/** Who asks CloudFormation. */
export interface StackAsker {
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  readonly signal?: AbortSignal;
}

/** A resource of a live stack. */
export interface StackResource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

/** What a stack owns now. */
export async function listStackResources(
  { cloudFormation, signal }: StackAsker,
  { stackName, stackId }: Pick<StackSummary, 'stackName' | 'stackId'>,
): Promise<readonly StackResource[]> {
  const { ListStackResourcesCommand } = await import('@aws-sdk/client-cloudformation');
  const resources = await collect(
    (NextToken) =>
      cloudFormation.send(new ListStackResourcesCommand({ StackName: stackId, NextToken }), { abortSignal: signal }),
    (page) => page.StackResourceSummaries,
    (page) => page.NextToken,
  ).catch((error) => {
    throw toDeploymentError(error, { operation: 'ListStackResources', stackName });
  });
  return resources.flatMap(({ LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus }) =>
    PhysicalResourceId && ResourceStatus !== 'DELETE_COMPLETE'
      ? [
          {
            stackName,
            logicalId: LogicalResourceId ?? '',
            physicalId: PhysicalResourceId,
            type: ResourceType ?? 'unknown',
          },
        ]
      : [],
  );
}
