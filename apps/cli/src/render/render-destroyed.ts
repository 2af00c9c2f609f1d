import type { DestroyResult } from '@jenkins-aws/deployment';
import type { DeletedData } from '@jenkins-aws/operations';
import { count } from './count.js';
import { type RenderedAudit, renderLeftovers } from './render-leftovers.js';

export interface Destroyed extends Pick<DestroyResult, 'deleted' | 'missing'>, RenderedAudit {
  /** Names of the log groups that went with their stacks. */
  readonly logGroups: readonly string[];
  readonly deletedData: DeletedData;
}

/** What a destroy deleted, and what it left. */
export function renderDestroyed(result: Destroyed): string {
  const { deleted, missing, logGroups, deletedData } = result;
  const data = [...deletedData.homes, ...deletedData.buckets];
  return [
    deleted.length === 0 ? 'There was no stack to delete.' : '',
    block(`Deleted ${count(deleted.length, 'stack')}:`, deleted),
    block('Not there before:', deleted.length === 0 ? [] : missing),
    block('Logs that went with them:', logGroups),
    block('Deleted for good, as you typed:', data),
    renderLeftovers(result),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function block(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n');
}
