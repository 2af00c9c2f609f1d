import { setTimeout as wait } from 'node:timers/promises';
import { silentReporter } from '@jenkins-aws/core';
import { DeploymentError } from '../errors.js';
import { deploymentEvents } from '../events.js';
import { type Moment, markMoment, millisecondsSince } from '../internal/clocks.js';
import { describeHolder } from '../plan/lock-holder.js';
import type { BucketContext } from './artifact-store.js';
import type { HeldLock, HoldLockOptions } from './hold-lock.js';
import { deleteLock, type SeenLock, seeLock, writeLock } from './lock-object.js';
import { LEASE_MILLISECONDS } from './watch-lock.js';

/** Renews a lock that was just taken, by a request that began at `takenAt`, until it is released or lost. */
export function keepLock(options: HoldLockOptions, taken: SeenLock, takenAt: Moment): HeldLock {
  const { signal: callersSignal, now, reporter = silentReporter } = options;
  const { leaseMilliseconds: lease = LEASE_MILLISECONDS } = options;
  /** Who could not renew for this long stops: a moment later somebody else may take the lock over. */
  const trust = (lease * 5) / 6;
  /** How old the last renewal may be where something is about to change. */
  const fresh = lease / 10;
  const loss = new AbortController();
  const stopped = new AbortController();
  const signal = callersSignal === undefined ? loss.signal : AbortSignal.any([loss.signal, callersSignal]);
  let held = taken;
  let lost: DeploymentError | undefined;
  let renewing: Promise<void> | undefined;
  let renewedAt = takenAt;
  /** When the renewal at hand was first asked for, whatever became of it. */
  let triedAt: Moment | undefined;
  const age = () => millisecondsSince(renewedAt, now);

  const lose = (why: string, cause?: unknown) => {
    if (lost !== undefined) return;
    const message = `the lock of the deployment was lost, so the work was stopped: ${why}. run again when that is clear`;
    lost = new DeploymentError('DEPLOYMENT_LOCK_LOST', message, cause === undefined ? {} : { cause });
    reporter.report(deploymentEvents.lockLost({ bucketName: options.bucketName, why }));
    loss.abort(lost);
  };

  const renewOnce = async () => {
    const startedAt = markMoment(now);
    triedAt ??= startedAt;
    // Short of the trust and of the SDK's own patience, so that there are several attempts in it.
    const left = trust - age();
    const patience = AbortSignal.timeout(Math.ceil(left > 0 ? Math.min(left, lease / 6) : lease / 6));
    const document = { ...held.document, renewals: held.document.renewals + 1 };
    try {
      const there = await writeLock(withSignal(options, patience), document, held);
      if (there?.document.id !== document.id) {
        lose(there === undefined ? 'somebody deleted it' : `it is held by ${describeHolder(there.document.holder)}`);
        return;
      }
      held = there;
      // A conflict with another request leaves the lock as it was: that is no sign of life.
      if (there.document.renewals !== document.renewals) return;
      // What is there without an answer to this request may be of the first attempt.
      renewedAt = there.document === document ? startedAt : triedAt;
      triedAt = undefined;
    } catch (error) {
      if (age() >= trust) lose(`it could not be renewed for ${Math.round(age() / 1000)} seconds`, error);
    }
  };
  const renew = () => {
    renewing ??= renewOnce().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  const keep = async () => {
    while (lost === undefined && !stopped.signal.aborted) {
      // A renewal that failed is tried again soon.
      const pause = age() < lease / 3 ? lease / 3 : lease / 30;
      await wait(pause, undefined, { ref: false, signal: stopped.signal }).catch(() => undefined);
      if (!stopped.signal.aborted) await renew();
    }
  };
  const keeping = keep();

  return {
    signal,
    get lost() {
      return lost;
    },
    async confirm() {
      const before = renewedAt;
      const isOld = age() >= fresh;
      while (lost === undefined && ((isOld && renewedAt === before) || age() >= trust)) {
        await renew();
        if (lost === undefined && renewedAt === before) await wait(lease / 100);
      }
      if (lost !== undefined) throw lost;
    },
    async release() {
      if (stopped.signal.aborted) return;
      stopped.abort();
      await keeping;
      if (lost !== undefined) return;
      try {
        // A renewal whose answer got lost has changed the ETag.
        const context = withSignal(options, AbortSignal.timeout(lease));
        const own = (await deleteLock(context, held)) ? undefined : await seeLock(context);
        if (own?.document.id === held.document.id) await deleteLock(context, own);
        reporter.report(deploymentEvents.lockReleased({ bucketName: options.bucketName }));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        reporter.report(deploymentEvents.lockLeft({ bucketName: options.bucketName, why, leaseMilliseconds: lease }));
      }
    },
  };
}

/** The caller's own signal ends the work, not the lock: it is given back in order. */
function withSignal(context: BucketContext, signal: AbortSignal): BucketContext {
  const { s3, bucketName, expectedBucketOwner } = context;
  return { s3, bucketName, ...(expectedBucketOwner === undefined ? {} : { expectedBucketOwner }), signal };
}
