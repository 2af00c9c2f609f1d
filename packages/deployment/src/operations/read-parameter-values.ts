import { GetParametersCommand } from '@aws-sdk/client-ssm';
import { abortable, call, type DeploymentContext } from './deployment-context.js';
import type { StackSummary } from './get-stack-summaries.js';

/** What GetParameters takes in one call, by its API reference. */
const NAMES_A_CALL = 10;

/**
 * The values that the SSM parameters which these stacks read have now, by the name that the stack has for them. Empty
 * without a client. Those that do not exist are missing.
 */
export async function readParameterValues(
  context: DeploymentContext,
  stacks: readonly Pick<StackSummary, 'parameters'>[],
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  const { ssm } = context;
  if (ssm === undefined) return values;
  const read = stacks.flatMap(({ parameters }) => Object.values(parameters));
  const names = [...new Set(read.flatMap(({ value, resolvedValue }) => (resolvedValue === undefined ? [] : [value])))];
  for (let start = 0; start < names.length; start += NAMES_A_CALL) {
    const command = new GetParametersCommand({ Names: names.slice(start, start + NAMES_A_CALL) });
    const { Parameters = [] } = await call('GetParameters', undefined, () => ssm.send(command, abortable(context)));
    for (const { Name = '', Selector = '', Value = '' } of Parameters) values.set(`${Name}${Selector}`, Value);
  }
  return values;
}
