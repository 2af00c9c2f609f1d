import type { DestroyResult } from '@jenkins-aws/deployment';
import { count } from './count.js';

/** What a destroy left. */
export function renderDestroyed({ deleted, retained, missing }: DestroyResult): string {
  const first =
    deleted.length === 0
      ? 'There was nothing to delete.'
      : `Deleted ${count(deleted.length, 'stack')}: ${deleted.join(', ')}.`;
  const absent = missing.length === 0 || deleted.length === 0 ? [] : [`Not there before: ${missing.join(', ')}.`];
  if (retained.length === 0) return [first, ...absent].join('\n');
  return [
    first,
    ...absent,
    'These stay, and go on costing, because they hold data:',
    ...retained.map(({ type, physicalId, stackName }) => `  ${physicalId}  ${type}  from ${stackName}`),
  ].join('\n');
}
