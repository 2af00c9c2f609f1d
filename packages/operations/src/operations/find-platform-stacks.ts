import { ownershipTag, stackNamePrefix } from '@jenkins-aws/core';
import { findStacksByTag, type StackSummary, toDeploymentError } from '@jenkins-aws/deployment';
import { collect } from '../internal/collect.js';
import type { StackAsker } from './list-stack-resources.js';

/** The platform's stacks: by tag, and by name the empty ones, which have no tags yet. */
export async function findPlatformStacks(
  { cloudFormation, signal }: StackAsker,
  platform: string,
): Promise<readonly StackSummary[]> {
  const { ListStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const context = { cloudFormation, ...(signal === undefined ? {} : { signal }) };
  const tagged = await findStacksByTag({ ...context, tag: ownershipTag(platform) });
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
      .filter(({ StackName = '' }) => StackName.startsWith(stackNamePrefix(platform)) && !known.has(StackName))
      .map(({ StackName = '', StackId = '', StackStatus = 'UNKNOWN', CreationTime }) => ({
        stackName: StackName,
        stackId: StackId,
        status: StackStatus,
        statusReason: undefined,
        outputs: {},
        tags: {},
        parameters: {},
        terminationProtection: false,
        roleArn: undefined,
        createdAt: CreationTime,
        updatedAt: undefined,
      })),
  ];
}
