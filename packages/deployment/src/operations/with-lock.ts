import { deploymentEvents } from '../events.js';
import { explainLostBucket, findArtifactBucket, isMissingBucket } from './artifact-store.js';
import type { DeploymentContext } from './deployment-context.js';
import { type HeldLock, holdLock } from './hold-lock.js';

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
  const { s3, expectedBucketOwner } = store;
  const { reporter, signal } = context;
  let lock: HeldLock;
  try {
    lock = await holdLock({
      s3,
      bucketName,
      ...claim,
      ...(expectedBucketOwner !== undefined && { expectedBucketOwner }),
      ...(reporter && { reporter }),
      ...(signal && { signal }),
    });
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
