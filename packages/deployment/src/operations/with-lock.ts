import { deploymentEvents } from '../events.js';
import { type ArtifactStore, explainLostBucket, findArtifactBucket, isMissingBucket } from './artifact-store.js';
import type { DeploymentContext } from './deployment-context.js';
import { type HeldLock, holdLock } from './hold-lock.js';
import { ensureUnlocked, type LockClaim, type WatchLockOptions } from './watch-lock.js';

/** A context under a lock that may get lost. */
export interface LockedContext extends DeploymentContext {
  /** Throws where the lock was lost. Undefined where nothing is locked. */
  readonly confirmLock?: () => Promise<void>;
}

/**
 * Runs the work under the lock of the deployment, where there is a bucket for it and somebody to name. While the stack
 * that makes the bucket does not exist, nothing is locked. A bucket that was deleted under a stack that lives is refused,
 * or, with `withoutBucket`, reported and done without: nobody else can hold a lock in it then.
 */
export async function withLock<Context extends DeploymentContext, Result>(
  context: Context,
  work: (context: Context & LockedContext) => Promise<Result>,
  { withoutBucket = false } = {},
): Promise<Result> {
  const { artifacts: store, claim } = context;
  if (store === undefined || claim === undefined) return work(context);
  const bucketName = await findArtifactBucket({ ...context, store });
  if (bucketName === undefined) return work(context);
  const { reporter } = context;
  let lock: HeldLock;
  try {
    lock = await holdLock(lockOptions(context, store, claim, bucketName));
  } catch (error) {
    if (!withoutBucket || !isMissingBucket(error)) throw explainLostBucket(store, bucketName, error);
    reporter?.report(deploymentEvents.lockImpossible({ bucketName }));
    return work(context);
  }
  try {
    return await work({ ...context, signal: lock.signal, confirmLock: () => lock.confirm() });
  } catch (error) {
    throw lock.lost ?? error;
  } finally {
    await lock.release();
  }
}

/**
 * Makes sure that nobody alive is at work on this deployment, where there is a bucket that tells. Whoever begins after it
 * is found when the lock is taken.
 *
 * @throws DeploymentError `DEPLOYMENT_LOCKED`
 */
export async function ensureNobodyDeploys(context: DeploymentContext): Promise<void> {
  const { artifacts: store, claim } = context;
  if (store === undefined || claim === undefined) return;
  const bucketName = await findArtifactBucket({ ...context, store });
  if (bucketName === undefined) return;
  try {
    await ensureUnlocked(lockOptions(context, store, claim, bucketName));
  } catch (error) {
    // In a bucket that is gone nobody holds a lock. Whoever needs it says so.
    if (!isMissingBucket(error)) throw error;
  }
}

function lockOptions(
  { reporter, signal }: DeploymentContext,
  { s3, expectedBucketOwner }: ArtifactStore,
  claim: LockClaim,
  bucketName: string,
): WatchLockOptions {
  return {
    s3,
    bucketName,
    ...claim,
    ...(expectedBucketOwner !== undefined && { expectedBucketOwner }),
    ...(reporter && { reporter }),
    ...(signal && { signal }),
  };
}
