import type { PlatformPlan } from '@jenkins-aws/platform';
import { type CostEstimate, formatCostEstimate } from '@jenkins-aws/pricing';
import { count } from './count.js';

/** `3 EC2::Subnet, …`, the most frequent first. */
function countTypes(types: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .map(([type, count]) => `${count} ${type.replace(/^AWS::/, '')}`)
    .join(', ');
}

function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines.join('\n');
}

/** What nobody should overlook, as one block or none. */
export function renderNotes({ notes }: PlatformPlan): string[] {
  return notes.length === 0 ? [] : [['Note', ...notes.map((note) => wrap(`- ${note}`, 96, '  '))].join('\n')];
}

/** The plan for a terminal. */
export function renderPlan(plan: PlatformPlan, files: readonly string[]): string {
  const stacks = plan.stacks.map(({ name, resources }) =>
    [
      `  ${name}  ${count(resources.length, 'resource')}`,
      wrap(countTypes(resources.map(({ type }) => type)), 96, '    '),
    ].join('\n'),
  );
  return [
    `Platform ${plan.platform} in ${plan.region}: ${plan.stacks.length} stacks`,
    stacks.join('\n'),
    formatCostEstimate(plan.cost),
    ...renderNotes(plan),
    ...(files.length > 0
      ? [`Wrote ${count(files.length, 'file')}: ${files.slice(0, 3).join(', ')}${files.length > 3 ? ', …' : ''}`]
      : []),
  ].join('\n\n');
}

/** The cost in one line. */
export function renderCostSummary({ totalMonthly, unknownCount, tableDate, region }: CostEstimate): string {
  if (totalMonthly === 0) return `No price is known for ${region} (prices of ${tableDate}).`;
  const unknown = unknownCount > 0 ? `, and ${count(unknownCount, 'line')} without a known price` : '';
  return `On AWS this costs about ${totalMonthly.toFixed(2)} USD a month in ${region}${unknown} (prices of ${tableDate}; jenkins-aws plan shows each line).`;
}
