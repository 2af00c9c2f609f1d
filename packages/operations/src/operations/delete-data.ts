import type { EFSClient } from '@aws-sdk/client-efs';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Reporter } from '@jenkins-aws/core';
import type { Leftover } from '../plan/leftover.js';
import { deleteBucket } from './delete-bucket.js';
import { deleteHome } from './delete-home.js';

export interface DeleteDataOptions {
  readonly efs: Pick<EFSClient, 'send'>;
  readonly s3: Pick<S3Client, 'send'>;
  /** What `auditLeftovers` found: nothing that a live stack owns is among it. */
  readonly leftovers: readonly Pick<Leftover, 'type' | 'id'>[];
  /** Twelve digits. S3 then refuses a bucket of that name in another account. Default: not checked. */
  readonly expectedBucketOwner?: string;
  readonly reporter?: Reporter;
  readonly signal?: AbortSignal;
}

export interface DeletedData {
  /** Ids of file systems. */
  readonly homes: readonly string[];
  /** Names of buckets. */
  readonly buckets: readonly string[];
}

/**
 * Deletes the homes and buckets among the leftovers, for good, the homes first. Backups stay until they expire.
 *
 * Permissions: those of {@link deleteHome} and {@link deleteBucket}.
 *
 * @throws what they throw, with what was deleted before it gone
 */
export async function deleteData({
  leftovers,
  efs,
  s3,
  expectedBucketOwner,
  ...common
}: DeleteDataOptions): Promise<DeletedData> {
  const idsOf = (wanted: string) => leftovers.filter(({ type }) => type === wanted).map(({ id }) => id);
  const homes = idsOf('AWS::EFS::FileSystem');
  const buckets = idsOf('AWS::S3::Bucket');
  const owner = expectedBucketOwner === undefined ? {} : { expectedBucketOwner };
  for (const fileSystemId of homes) await deleteHome({ ...common, efs, fileSystemId });
  for (const bucketName of buckets) await deleteBucket({ ...common, ...owner, s3, bucketName });
  return { homes, buckets };
}
