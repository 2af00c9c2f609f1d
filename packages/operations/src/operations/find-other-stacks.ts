import { type StackSummary, toDeploymentError } from '@jenkins-aws/deployment';
import { collect } from '../internal/collect.js';
import type { StackAsker } from './list-stack-resources.js';

/** Every live stack of the region but these. */
export async function findOtherStacks(
  { cloudFormation, signal }: StackAsker,
  known: readonly StackSummary[],
): Promise<readonly Pick<StackSummary, 'stackId' | 'stackName'>[]> {
  const { ListStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const stacks = await collect(
    (NextToken) => cloudFormation.send(new ListStacksCommand({ NextToken }), { abortSignal: signal }),
    (page) => page.StackSummaries,
    (page) => page.NextToken,
  ).catch((error) => {
    throw toDeploymentError(error, { operation: 'ListStacks' });
  });
  const ids = new Set(known.map(({ stackId }) => stackId));
  return stacks
    .filter(({ StackStatus, StackId = '' }) => StackStatus !== 'DELETE_COMPLETE' && !ids.has(StackId))
    .map(({ StackName = '', StackId = '' }) => ({ stackId: StackId, stackName: StackName }));
}
