import type { DestroyResult } from '@jenkins-aws/deployment';
import type { DeletedData } from '@jenkins-aws/operations';
import { count } from './count.js';
import { type RenderedAudit, renderLeftovers } from './render-leftovers.js';

/** What a destroy deleted, and what it left. */
export function renderDestroyed(
  result: Pick<DestroyResult, 'deleted' | 'missing'> & RenderedAudit & { readonly deletedData: DeletedData },
): string {
  const { deleted, missing, deletedData } = result;
  const { homes, buckets } = deletedData;
  const first =
    deleted.length === 0
      ? 'There was no stack to delete.'
      : `Deleted ${count(deleted.length, 'stack')}: ${deleted.join(', ')}.`;
  const absent = missing.length === 0 || deleted.length === 0 ? [] : [`Not there before: ${missing.join(', ')}.`];
  const data = [...homes, ...buckets];
  const gone = data.length === 0 ? [] : [`Deleted for good, as you typed: ${data.join(', ')}.`];
  return [[first, ...absent, ...gone].join('\n'), renderLeftovers(result)].join('\n\n');
}
