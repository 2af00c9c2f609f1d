import type { StackSummary } from '@jenkins-aws/deployment';
import type { LeftoverCost } from '@jenkins-aws/platform';
import { count } from './count.js';
import { renderLeftover } from './render-leftovers.js';
import { renderList } from './render-list.js';

export interface DestroyPlan {
  readonly platform: string;
  /** E.g. `account 111122223333, eu-central-1`. */
  readonly where: string;
  readonly stacks: readonly Pick<StackSummary, 'stackName' | 'status'>[];
  /** Whose logs go. */
  readonly masters: readonly string[];
  readonly logGroups: readonly string[];
  /** Undefined where the data stays. */
  readonly data: LeftoverCost | undefined;
}

/** What a destroy will delete, and the question whether it shall. */
export function renderDestroyPlan(plan: DestroyPlan): { readonly text: string; readonly question: string } {
  const { platform, where, stacks, masters, logGroups, data } = plan;
  const blocks = [
    block(
      `Stacks of ${platform} in ${where}, that will be deleted:`,
      stacks.map(({ stackName, status }) => `${status.padEnd(18)} ${stackName}`),
    ),
    block('Logs that go with them for good:', logGroups),
    ...(data === undefined ? [] : [renderData(data)]),
  ];
  const logs = masters.length === 0 ? '' : `, and the logs of ${renderList(masters)} for good`;
  const these =
    stacks.length === 0 ? [] : [`${stacks.length === 1 ? 'this stack' : `these ${stacks.length} stacks`}${logs}`];
  const ids = (data?.leftovers ?? []).map(({ id }) => id);
  const lost = ids.length === 0 ? [] : [`for good, with everything in it: ${renderList(ids)}`];
  const stays = data === undefined ? ' The Jenkins homes and the artifacts stay.' : '';
  return {
    text: blocks.flat().join('\n\n'),
    question: `Delete ${[...these, ...lost].join('; and ')}?${stays}`,
  };
}

function renderData({ leftovers, totalMonthly, unknownCount, tableDate }: LeftoverCost): string {
  if (leftovers.length === 0) return 'There are no homes and no buckets to delete.';
  const unknown = unknownCount === 0 ? '' : `, and ${count(unknownCount, 'resource')} without a known price`;
  return [
    'Data that will be deleted for good, this and nothing else:',
    ...leftovers.map(renderLeftover),
    `Together about ${totalMonthly.toFixed(2)} USD a month${unknown} (prices of ${tableDate}).`,
    'Backups of the homes stay until they expire, at most 35 days.',
  ].join('\n');
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [[title, ...lines.map((line) => `  ${line}`)].join('\n')];
}
