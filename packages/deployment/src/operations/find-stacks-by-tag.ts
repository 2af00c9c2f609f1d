import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { OwnershipTag } from '../options/stack-definition.js';
import { abortable, call, type DeploymentContext } from './deployment-context.js';
import { type StackSummary, toSummary } from './get-stack-summaries.js';

export interface FindStacksByTagOptions extends DeploymentContext {
  /** Key and value have to match, case-sensitively. */
  readonly tag: OwnershipTag;
}

/**
 * Every stack of the region that carries the tag, in CloudFormation's order. Nested stacks carry the tags of their
 * parent and are listed too; deleted stacks are not, and a stack that was never executed has no tags yet.
 *
 * Reads all stacks of the region, one call a page: CloudFormation filters nothing by tag.
 *
 * Permissions: `cloudformation:DescribeStacks` and `cloudformation:ListStacks` on all stacks, because AWS asks for
 * both where no stack is named (API reference of DescribeStacks). Costs nothing.
 *
 * @throws DeploymentError when the account cannot be asked
 */
export async function findStacksByTag(options: FindStacksByTagOptions): Promise<readonly StackSummary[]> {
  const { key, value } = options.tag;
  const found: StackSummary[] = [];
  let token: string | undefined;
  do {
    const command = new DescribeStacksCommand({ NextToken: token });
    const page = await call('DescribeStacks', undefined, () =>
      options.cloudFormation.send(command, abortable(options)),
    );
    found.push(...(page.Stacks ?? []).map(toSummary).filter(({ tags }) => tags[key] === value));
    token = page.NextToken || undefined;
  } while (token !== undefined);
  return found;
}
