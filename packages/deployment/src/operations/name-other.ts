import { DeploymentError, type DeploymentErrorCode } from '../errors.js';
import { describeHolder } from '../plan/lock-holder.js';
import { findArtifactBucket } from './artifact-store.js';
import { type DeploymentContext, withoutSignal } from './deployment-context.js';
import { readDeployments } from './read-deployments.js';
import { readLock } from './read-lock.js';
import type { LockedContext } from './with-lock.js';

/** What somebody else's work makes of one's own. */
const MOVED: ReadonlySet<DeploymentErrorCode> = new Set(['DEPLOYMENT_REVIEW_STALE', 'DEPLOYMENT_STACK_BUSY']);

/**
 * The error, with a hint that names who moved the stacks meanwhile, where the bucket tells: who holds the lock now, or
 * who deployed last. Any other error as it is.
 */
export async function nameOther(context: LockedContext, error: unknown): Promise<unknown> {
  if (!(error instanceof DeploymentError) || !MOVED.has(error.code)) return error;
  // Why the work ended is what the caller has to hear, not that nobody can be named.
  const other = await findOther(withoutSignal(context)).catch(() => undefined);
  if (other === undefined) return error;
  const { code, message, problems, failure, others, cause, hint } = error;
  return new DeploymentError(code, message, {
    ...{ problems, others, cause, hint: hint === undefined ? other : `${other}. ${hint}` },
    ...(failure !== undefined && { failure }),
  });
}

async function findOther(context: DeploymentContext & LockedContext): Promise<string | undefined> {
  const { artifacts: store, claim } = context;
  if (store === undefined || claim === undefined) return undefined;
  const bucketName = await findArtifactBucket({ ...context, store });
  if (bucketName === undefined) return undefined;
  const { s3, expectedBucketOwner } = store;
  const bucket = { s3, bucketName, ...(expectedBucketOwner !== undefined && { expectedBucketOwner }) };
  // A lock that can be confirmed is one's own.
  const holder = context.confirmLock === undefined ? await readLock(bucket) : undefined;
  if (holder !== undefined) return `somebody is at work on it: ${describeHolder(holder)}`;
  const [last] = await readDeployments({ ...bucket, limit: 1 });
  if (last === undefined) return undefined;
  return `${last.stacks.map(({ name }) => name).join(', ')} deployed at ${last.at} by ${last.identity}`;
}
