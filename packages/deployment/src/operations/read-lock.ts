import type { LockHolder } from '../plan/lock-holder.js';
import type { BucketContext } from './artifact-store.js';
import { seeLock } from './lock-object.js';

/**
 * Who holds the lock of the bucket's deployments, alive or not; undefined when nobody does.
 *
 * Permissions: `s3:GetObject` on `deployment-lock.json`, `s3:ListBucket` on the bucket, without which S3 answers that
 * access is denied where there is no object. Costs one GET.
 *
 * @throws DeploymentError `DEPLOYMENT_BUCKET_MISSING`, or when the bucket cannot be asked
 */
export async function readLock(context: BucketContext): Promise<LockHolder | undefined> {
  return (await seeLock(context))?.document.holder;
}
