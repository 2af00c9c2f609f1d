import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { PLATFORM_TAG } from '@jenkins-aws/core';
import { findStacksByTag, type StackSummary, toDeploymentError } from '@jenkins-aws/deployment';
import { collect } from './looks/look.js';

interface Asker {
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

/** The platform's stacks: by tag, and by name the empty ones, which have no tags yet. */
export async function findPlatformStacks(
  { cloudFormation, signal }: Asker,
  platform: string,
  namePrefix: string,
): Promise<readonly StackSummary[]> {
  const { ListStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const context = { cloudFormation, ...(signal === undefined ? {} : { signal }) };
  const tagged = await findStacksByTag({ ...context, tag: { key: PLATFORM_TAG, value: platform } });
  const empty = await collect(
    (NextToken) =>
      cloudFormation.send(new ListStacksCommand({ StackStatusFilter: ['REVIEW_IN_PROGRESS'], NextToken }), {
        abortSignal: signal,
      }),
    (page) => page.StackSummaries,
    (page) => page.NextToken,
  ).catch((error) => {
    throw toDeploymentError(error, { operation: 'ListStacks' });
  });
  const known = new Set(tagged.map(({ stackName }) => stackName));
  return [
    ...tagged,
    ...empty
      .filter(({ StackName = '' }) => StackName.startsWith(namePrefix) && !known.has(StackName))
      .map(({ StackName = '', StackId = '', StackStatus = 'UNKNOWN', CreationTime }) => ({
        stackName: StackName,
        stackId: StackId,
        status: StackStatus,
        statusReason: undefined,
        outputs: {},
        tags: {},
        parameters: {},
        terminationProtection: false,
        createdAt: CreationTime,
        updatedAt: undefined,
      })),
  ];
}

/** What a stack owns now. */
export async function listStackResources(
  { cloudFormation, signal }: Asker,
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
