import { findArtifactBucket } from './artifact-store.js';
import type { DeploymentContext } from './deployment-context.js';
import { holdLock } from './hold-lock.js';

/** A context under a lock that may get lost. */
export interface LockedContext extends DeploymentContext {
  /** Throws where the lock was lost. Undefined where nothing is locked. */
  readonly confirmLock?: () => Promise<void>;
}

/**
 * Runs the work under the lock of the deployment, where there is a bucket for it and somebody to name. While the stack
 * that makes the bucket does not exist, nothing is locked.
 */
export async function withLock<Context extends DeploymentContext, Result>(
  context: Context,
  work: (context: Context & LockedContext) => Promise<Result>,
): Promise<Result> {
  const { artifacts: store, claim } = context;
  if (store === undefined || claim === undefined) return work(context);
  const bucketName = await findArtifactBucket({ ...context, store });
  if (bucketName === undefined) return work(context);
  const { s3, expectedBucketOwner } = store;
  const { reporter, signal } = context;
  const lock = await holdLock({
    s3,
    bucketName,
    ...claim,
    ...(expectedBucketOwner !== undefined && { expectedBucketOwner }),
    ...(reporter && { reporter }),
    ...(signal && { signal }),
  });
  try {
    return await work({ ...context, signal: lock.signal, confirmLock: () => lock.confirm() });
  } catch (error) {
    throw lock.lost ?? error;
  } finally {
    await lock.release();
  }
}
