import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { joinFailures } from '../internal/join-failures.js';
import { runGraph } from '../internal/run-graph.js';
import { abortable, call, type DeploymentContext, isNotFound } from './deployment-context.js';

/** A stack as it is in the account. */
export interface StackSummary {
  readonly stackName: string;
  readonly stackId: string;
  /** AWS's status, e.g. `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly statusReason: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, StackParameter>>;
  readonly terminationProtection: boolean;
  /** ARN of the role by which CloudFormation works on the stack. Undefined where it has none. */
  readonly roleArn: string | undefined;
  readonly createdAt: Date | undefined;
  /** Undefined for a stack that was never updated. */
  readonly updatedAt: Date | undefined;
}

export interface StackParameter {
  /** As it was given; `****` where the template says `NoEcho`. For an SSM type the name of the SSM parameter. */
  readonly value: string;
  /** What CloudFormation read there when the stack was last changed. Undefined for any other type. */
  readonly resolvedValue: string | undefined;
}

export interface GetStackSummariesOptions extends DeploymentContext {
  readonly names: readonly string[];
}

/**
 * The named stacks by name; undefined where there is none. One call a name.
 *
 * Permissions: `cloudformation:DescribeStacks`. Costs nothing.
 *
 * @throws DeploymentError when the account cannot be asked
 */
export async function getStackSummaries(
  options: GetStackSummariesOptions,
): Promise<Readonly<Record<string, StackSummary | undefined>>> {
  return Object.fromEntries(await findStacks(options, options.names));
}

/** Several at once, by name. */
export async function findStacks(
  context: DeploymentContext,
  names: readonly string[],
): Promise<ReadonlyMap<string, StackSummary | undefined>> {
  const stacks = [...new Set(names)].map((name) => ({ name }));
  const { results, failures } = await runGraph(stacks, ({ name }) => findStack(context, name));
  const failure = joinFailures(failures, 'DescribeStacks');
  if (failure !== undefined) throw failure;
  return results;
}

/** The stack of this name or id. A deleted one is found by its id only. */
export async function findStack(context: DeploymentContext, nameOrId: string): Promise<StackSummary | undefined> {
  return call('DescribeStacks', nameOrId, async () => {
    try {
      const command = new DescribeStacksCommand({ StackName: nameOrId });
      const { Stacks } = await context.cloudFormation.send(command, abortable(context));
      const [stack] = Stacks ?? [];
      return stack === undefined ? undefined : toSummary(stack);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  });
}

/** What AWS says about a stack, in the words of this package. */
export function toSummary(stack: Stack): StackSummary {
  return {
    stackName: stack.StackName ?? '',
    stackId: stack.StackId ?? '',
    status: stack.StackStatus ?? 'UNKNOWN',
    statusReason: stack.StackStatusReason || undefined,
    outputs: Object.fromEntries((stack.Outputs ?? []).map((o) => [o.OutputKey ?? '', o.OutputValue ?? ''])),
    tags: Object.fromEntries((stack.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map(
        ({ ParameterKey = '', ParameterValue: value = '', ResolvedValue: resolvedValue }) => [
          ParameterKey,
          { value, resolvedValue },
        ],
      ),
    ),
    terminationProtection: stack.EnableTerminationProtection ?? false,
    roleArn: stack.RoleARN || undefined,
    createdAt: stack.CreationTime,
    updatedAt: stack.LastUpdatedTime,
  };
}
