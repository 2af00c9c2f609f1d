import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type LockDocument, parseLock, renderLock } from '../plan/lock-holder.js';
import {
  type BucketContext,
  bucketParameters,
  callBucket,
  isMissingObject,
  isRefusedCondition,
} from './artifact-store.js';

/** The object that is the lock of everything that is deployed with this bucket. */
export const LOCK_KEY = 'deployment-lock.json';

/** A lock as it was seen. */
export interface SeenLock {
  readonly etag: string;
  readonly document: LockDocument;
}

/** The lock as it is now; undefined when nobody holds it. */
export async function seeLock(context: BucketContext): Promise<SeenLock | undefined> {
  return callBucket(context, `GetObject '${LOCK_KEY}'`, async (options) => {
    try {
      const command = new GetObjectCommand({ ...bucketParameters(context), Key: LOCK_KEY });
      const { ETag, Body } = await context.s3.send(command, options);
      return { etag: ETag ?? '', document: parseLock((await Body?.transformToString()) ?? '') };
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      throw error;
    }
  });
}

/**
 * Writes the lock where it is still what was `seen`: absent, or with that very ETag. Returns the lock that is there
 * afterwards: the caller has it where `document.id` is its own. An answer that got lost on the way is answered by a
 * refusal of the SDK's second attempt, so what counts is what the bucket holds.
 */
export async function writeLock(
  context: BucketContext,
  document: LockDocument,
  seen: SeenLock | undefined,
): Promise<SeenLock | undefined> {
  const written = await callBucket(context, `PutObject '${LOCK_KEY}'`, async (options) => {
    try {
      const command = new PutObjectCommand({
        ...bucketParameters(context),
        Key: LOCK_KEY,
        Body: renderLock(document),
        ContentType: 'application/json',
        ChecksumAlgorithm: 'SHA256',
        ...(seen === undefined ? { IfNoneMatch: '*' } : { IfMatch: seen.etag }),
      });
      const { ETag } = await context.s3.send(command, options);
      return { etag: ETag ?? '', document };
    } catch (error) {
      if (isRefusedCondition(error) || isMissingObject(error)) return undefined;
      throw error;
    }
  });
  return written ?? seeLock(context);
}

/** Deletes the lock where it is still what was `seen`. Returns whether it was, or was gone already. */
export async function deleteLock(context: BucketContext, { etag }: SeenLock): Promise<boolean> {
  return callBucket(context, `DeleteObject '${LOCK_KEY}'`, async (options) => {
    try {
      await context.s3.send(
        new DeleteObjectCommand({ ...bucketParameters(context), Key: LOCK_KEY, IfMatch: etag }),
        options,
      );
      return true;
    } catch (error) {
      if (isMissingObject(error)) return true;
      if (isRefusedCondition(error)) return false;
      throw error;
    }
  });
}
