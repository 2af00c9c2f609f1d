import { GetParametersCommand } from '@aws-sdk/client-ssm';
import { abortable, call, type DeploymentContext } from './deployment-context.js';
import type { StackSummary } from './get-stack-summaries.js';

/** What GetParameters takes in one call, by its API reference. */
const NAMES_A_CALL = 10;

/** The values that SSM parameters have now, by name. Empty without a client. Those that do not exist are missing. */
export async function readParameterValues(
  context: DeploymentContext,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  const { ssm } = context;
  if (ssm === undefined) return values;
  const names = [...new Set(wanted)];
  for (let start = 0; start < names.length; start += NAMES_A_CALL) {
    const command = new GetParametersCommand({ Names: names.slice(start, start + NAMES_A_CALL) });
    const { Parameters = [] } = await call('GetParameters', undefined, () => ssm.send(command, abortable(context)));
    for (const { Name = '', Selector = '', Value = '' } of Parameters) values.set(`${Name}${Selector}`, Value);
  }
  return values;
}

/** Names of the SSM parameters that a stack read when it was last changed. */
export function parametersRead({ parameters }: Pick<StackSummary, 'parameters'>): string[] {
  return Object.values(parameters).flatMap(({ value, resolvedValue }) => (resolvedValue === undefined ? [] : [value]));
}
