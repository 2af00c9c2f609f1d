import type { LeftoverAudit } from '@jenkins-aws/operations';
import type { LeftoverCost, PricedLeftover } from '@jenkins-aws/platform';
import { count } from './count.js';

/** The part of an audit that is shown. */
export type RenderedAudit = Pick<LeftoverAudit, 'unchecked' | 'checked'> & LeftoverCost;

/** One line of a list: what it is, how large, since when, and what it costs. */
export function renderLeftover({ type, id, master, sizeGiB, createdAt, monthlyCost }: PricedLeftover): string {
  const size = sizeGiB === undefined ? '' : `, ${sizeGiB < 0.01 ? 'under 0.01' : sizeGiB.toFixed(2)} GiB`;
  const made = createdAt === undefined ? '' : `, made ${createdAt.slice(0, 10)}`;
  const cost = monthlyCost === 'unknown' ? 'cost unknown' : `${monthlyCost.toFixed(2)} USD a month`;
  return `  ${id}  ${type.replace(/^AWS::/, '')}${master === undefined ? '' : ` of ${master}`}${size}${made}, ${cost}`;
}

function block(title: string, leftovers: readonly PricedLeftover[]): string[] {
  return leftovers.length === 0 ? [] : [[title, ...leftovers.map(renderLeftover)].join('\n')];
}

/** What is left of a platform, what it costs, and what could not be asked. */
export function renderLeftovers({
  leftovers,
  unchecked,
  checked,
  totalMonthly,
  unknownCount,
  tableDate,
}: RenderedAudit): string {
  const unknown = unknownCount === 0 ? '' : `, and ${count(unknownCount, 'resource')} without a known price`;
  return [
    ...block(
      'These stay because they hold data, and go on costing:',
      leftovers.filter(({ holdsData }) => holdsData),
    ),
    ...block(
      'These are left and belong to no stack; nothing keeps them on purpose:',
      leftovers.filter(({ holdsData }) => !holdsData),
    ),
    leftovers.length === 0
      ? `Nothing is left: ${count(checked.length, 'kind')} of resources were asked for.`
      : `Together about ${totalMonthly.toFixed(2)} USD a month${unknown} (prices of ${tableDate}).`,
    ...(unchecked.length === 0
      ? []
      : [['Not asked, so something may be left there:', ...unchecked.map(renderUnchecked)].join('\n')]),
  ].join('\n\n');
}

function renderUnchecked({ what, permissions, reason }: LeftoverAudit['unchecked'][number]): string {
  return `  ${what} (${permissions.join(', ')}): ${reason}`;
}
