import { silentReporter } from '@jenkins-aws/core';
import { DeploymentError } from '../errors.js';
import { deploymentEvents } from '../events.js';
import { createPacer } from '../internal/create-pacer.js';
import { describeHolder, type LockHolder } from '../plan/lock-holder.js';
import { toDeploymentError } from '../to-deployment-error.js';
import type { BucketContext } from './artifact-store.js';
import { LOCK_KEY, type SeenLock, seeLock } from './lock-object.js';

/** How long a lock stands without a sign of life of its holder. */
export const LEASE_MILLISECONDS = 30_000;

/** What tells a holder who is dead from one who is alive. */
export interface LockClaim {
  /** Who wants to work. */
  readonly holder: LockHolder;
  /** The wall clock in milliseconds, e.g. `Date.now`: it goes on while a laptop sleeps, where other clocks stand still. */
  readonly now: () => number;
  /**
   * Whether a holder of this very process space runs, e.g. by `process.kill(processId, 0)` and the time of its start.
   * With it the lock of one that is gone is taken over at once, where both name their process space. Default: such a
   * lock is watched like any other.
   */
  readonly isAlive?: (holder: LockHolder) => boolean;
  /** How long a lock stands without a sign of life, in milliseconds, the same for everybody. Default: 30,000. */
  readonly leaseMilliseconds?: number;
}

export interface WatchLockOptions extends BucketContext, LockClaim {}

/**
 * Waits until it is certain that nobody alive holds the lock; changes nothing. Needs at most one lease, because a holder
 * who lives renews the lock three times in it. The clocks of two machines are never compared: what is watched is whether
 * the object changes.
 *
 * Permissions: `s3:GetObject` on `deployment-lock.json`, `s3:ListBucket` on the bucket. Costs a GET every two seconds.
 *
 * @throws DeploymentError `DEPLOYMENT_LOCKED` when the holder is alive, `DEPLOYMENT_BUCKET_MISSING`,
 *   `DEPLOYMENT_ABORTED`, or when the bucket cannot be asked
 */
export async function ensureUnlocked(options: WatchLockOptions): Promise<void> {
  const seen = await seeLock(options);
  if (seen !== undefined) await watchLock(options, seen);
}

/** The lock of a dead holder, to be taken over by its ETag; undefined when it went away while it was watched. */
export async function watchLock(options: WatchLockOptions, seen: SeenLock): Promise<SeenLock | undefined> {
  const { holder, isAlive, leaseMilliseconds = LEASE_MILLISECONDS } = options;
  const former = seen.document.holder;
  if (isAlive !== undefined && isNeighbour(holder, former) && !isAlive(former)) return seen;
  const { reporter = silentReporter } = options;
  reporter.report(deploymentEvents.lockWatched({ holder: seen.document.holder, leaseMilliseconds }));
  const pause = createPacer(leaseMilliseconds / 15);
  // A monotonic clock: one that jumps would declare somebody dead who is not.
  const since = performance.now();
  for (;;) {
    const quiet = performance.now() - since >= leaseMilliseconds;
    const now = await seeLock(options);
    if (now === undefined) return undefined;
    if (now.etag !== seen.etag) throw locked(options, now.document.holder, leaseMilliseconds);
    if (quiet) return seen;
    try {
      await pause(options.signal);
    } catch (error) {
      throw toDeploymentError(error, { operation: `the wait for the lock in bucket '${options.bucketName}'` });
    }
  }
}

/** A copy of a running machine has its boot's id too, and mostly another name. */
function isNeighbour(a: LockHolder, b: LockHolder): boolean {
  return a.processSpace !== undefined && a.processSpace === b.processSpace && a.host === b.host;
}

function locked({ bucketName }: BucketContext, holder: LockHolder, leaseMilliseconds: number): DeploymentError {
  return new DeploymentError(
    'DEPLOYMENT_LOCKED',
    `the deployment is locked by ${describeHolder(holder)}: run again when that has finished`,
    {
      hint:
        `a machine that is gone for good needs nothing: its lock lapses ${leaseMilliseconds / 1000} seconds after its ` +
        `last sign of life, so just run again. a process that hangs is stopped there, or, where nobody can reach it, ` +
        `by deleting s3://${bucketName}/${LOCK_KEY}: it gives up at its next renewal`,
    },
  );
}
