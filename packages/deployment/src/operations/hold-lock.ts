import { randomUUID } from 'node:crypto';
import { silentReporter } from '@jenkins-aws/core';
import type { DeploymentError } from '../errors.js';
import { deploymentEvents } from '../events.js';
import { markMoment } from '../internal/clocks.js';
import { keepLock } from './keep-lock.js';
import { type SeenLock, writeLock } from './lock-object.js';
import { type WatchLockOptions, watchLock } from './watch-lock.js';

export interface HoldLockOptions extends WatchLockOptions {}

/** A lock that is held and renewed until it is released or lost. */
export interface HeldLock {
  /** Goes off when the lock is lost, with `lost` as the reason, and when the caller's own signal does. Work under it. */
  readonly signal: AbortSignal;
  /** `DEPLOYMENT_LOCK_LOST` once the lock is lost; undefined as long as it is held. */
  readonly lost: DeploymentError | undefined;
  /**
   * Makes sure that the lock is still held, after a pause of the process too; to be called before each step that changes
   * something. Costs a PUT, or nothing where the last renewal is of the last tenth of a lease.
   *
   * @throws DeploymentError `DEPLOYMENT_LOCK_LOST`
   */
  confirm(): Promise<void>;
  /** Gives the lock back. Throws nothing: a lock that cannot be deleted is reported, and lapses by itself. */
  release(): Promise<void>;
}

/**
 * Takes the lock of everything that is deployed with this bucket, and renews it three times in a lease. The lock of a
 * holder who is dead is taken over after one lease, that of a process of the same process space which is gone at once.
 *
 * Permissions: `s3:PutObject`, `s3:GetObject` and `s3:DeleteObject` on `deployment-lock.json`, `s3:ListBucket` on the
 * bucket. Costs a PUT every 10 seconds.
 *
 * @throws DeploymentError `DEPLOYMENT_LOCKED` when somebody alive holds it, `DEPLOYMENT_BUCKET_MISSING`,
 *   `DEPLOYMENT_ABORTED`, or when the bucket cannot be asked
 */
export async function holdLock(options: HoldLockOptions): Promise<HeldLock> {
  const { holder, reporter = silentReporter } = options;
  const id = randomUUID();
  const document = { id, renewals: 0, holder };
  let dead: SeenLock | undefined;
  for (;;) {
    const startedAt = markMoment(options.now);
    const there = await writeLock(options, document, dead);
    if (there?.document.id === id) {
      const former = dead?.document.holder;
      reporter.report(
        former === undefined
          ? deploymentEvents.lockTaken({ bucketName: options.bucketName, holder })
          : deploymentEvents.lockTakenOver({ bucketName: options.bucketName, holder, former }),
      );
      return keepLock(options, there, startedAt);
    }
    dead = there === undefined ? undefined : await watchLock(options, there);
  }
}
