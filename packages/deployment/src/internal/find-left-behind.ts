import type { StackEventRecord } from './first-cause.js';

/** A resource that CloudFormation could not delete after an update, and forgot. It stays in the account, and on its bill. */
export interface LeftBehindResource {
  readonly logicalId: string;
  /** E.g. `AWS::EC2::Subnet`. */
  readonly type: string;
  readonly physicalId: string;
  /** AWS's own words, in one line. */
  readonly reason: string;
}

/**
 * What an update that ended well, or that was rolled back well, could not delete while it cleaned up. By then it cannot
 * fail any more, so its stack lets go of it. A deletion is tried several times: the last event of each resource counts.
 */
export function findLeftBehind(status: string, events: readonly StackEventRecord[]): LeftBehindResource[] {
  if (status !== 'UPDATE_COMPLETE' && status !== 'UPDATE_ROLLBACK_COMPLETE') return [];
  // By its physical id: under the logical one is the resource that came in its place.
  const last = new Map(
    events.flatMap((event) =>
      event.ofStack || event.physicalId === undefined ? [] : [[`${event.type} ${event.physicalId}`, event] as const],
    ),
  );
  return [...last.values()].flatMap(({ logicalId, type, physicalId = '', status, reason = 'AWS gives no reason' }) =>
    status === 'DELETE_FAILED' ? [{ logicalId, type, physicalId, reason: reason.replace(/\s+/g, ' ').trim() }] : [],
  );
}
