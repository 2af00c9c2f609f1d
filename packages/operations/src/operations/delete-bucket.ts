import type { ObjectIdentifier, S3Client } from '@aws-sdk/client-s3';
import { type Reporter, silentReporter } from '@jenkins-aws/core';
import { toDeploymentError } from '@jenkins-aws/deployment';
import { OperationsError } from '../errors.js';
import { operationsEvents } from '../events.js';

export interface DeleteBucketOptions {
  readonly s3: Pick<S3Client, 'send'>;
  readonly bucketName: string;
  /** Twelve digits. S3 then refuses a bucket of that name in another account. Default: not checked. */
  readonly expectedBucketOwner?: string;
  readonly reporter?: Reporter;
  readonly signal?: AbortSignal;
}

/**
 * Deletes a bucket with every version of every object in it, for good. One that is gone already is fine.
 *
 * Permissions: `s3:ListBucketVersions`, `DeleteObject`, `DeleteObjectVersion`, `DeleteBucket`. Deleting costs nothing,
 * listing a thousand versions one request.
 *
 * @throws OperationsError OPERATIONS_DELETE_REFUSED with the objects that S3 kept, as where a retention holds them
 * @throws DeploymentError when S3 cannot be asked or refuses
 */
export async function deleteBucket(options: DeleteBucketOptions): Promise<void> {
  const {
    s3,
    bucketName: Bucket,
    expectedBucketOwner: ExpectedBucketOwner,
    reporter = silentReporter,
    signal,
  } = options;
  const { DeleteBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  const bucket = { Bucket, ...(ExpectedBucketOwner !== undefined && { ExpectedBucketOwner }) };
  const abort = { abortSignal: signal };
  let versions = 0;
  try {
    for (;;) {
      // Always the first page: the one before it is deleted.
      const page = await s3.send(new ListObjectVersionsCommand({ ...bucket, MaxKeys: 1000 }), abort);
      const Objects: ObjectIdentifier[] = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(
        ({ Key, VersionId }) => ({ Key, VersionId }),
      );
      if (Objects.length === 0) break;
      const { Errors = [] } = await s3.send(
        new DeleteObjectsCommand({ ...bucket, Delete: { Objects, Quiet: true } }),
        abort,
      );
      if (Errors.length > 0) {
        const kept = Errors.slice(0, 3).map(({ Key, Code, Message }) => `${Key} (${Code}: ${Message})`);
        const message = `s3 kept ${Errors.length} objects of ${Bucket}: ${kept.join(', ')}`;
        throw new OperationsError('OPERATIONS_DELETE_REFUSED', message);
      }
      versions += Objects.length;
    }
    await s3.send(new DeleteBucketCommand(bucket), abort);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NoSuchBucket')) {
      throw toDeploymentError(error, { operation: `the deletion of bucket ${Bucket}` });
    }
  }
  reporter.report(operationsEvents.bucketDeleted({ bucketName: Bucket, versions }));
}
