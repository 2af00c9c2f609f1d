import type { Reporter } from '@jenkins-aws/core';
import { OperationsError } from '../errors.js';
import type { Leftover } from '../plan/leftover.js';
import { deleteBucket } from './delete-bucket.js';
import { deleteHome } from './delete-home.js';
import { findOwner } from './find-owner.js';
import type { LeftoverClients } from './leftover-clients.js';

export interface DeleteDataOptions extends Pick<LeftoverClients, 'cloudFormation' | 'efs' | 's3'> {
  /** What somebody saw and wants to lose: these homes and buckets go and nothing else. Other types are left alone. */
  readonly data: readonly Pick<Leftover, 'type' | 'id'>[];
  /** Is called with the id before each deletion; what it throws ends the work. Default: nothing. */
  readonly beforeEach?: (id: string) => Promise<void>;
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
 * Deletes homes and buckets, for good, the homes first, each only when the stack that made it is gone. Backups stay
 * until they expire.
 *
 * Permissions: those of {@link deleteHome} and {@link deleteBucket}, `s3:GetBucketTagging` and
 * `cloudformation:DescribeStacks`.
 *
 * @throws OperationsError OPERATIONS_DATA_OWNED before the deletion of what belongs to a stack that is there, and what
 *   `deleteHome` and `deleteBucket` throw; what was deleted before it is gone
 */
export async function deleteData({ data, beforeEach, ...context }: DeleteDataOptions): Promise<DeletedData> {
  const homes = data.filter(({ type }) => type === 'AWS::EFS::FileSystem');
  const buckets = data.filter(({ type }) => type === 'AWS::S3::Bucket');
  const mayGo = async (each: (typeof data)[number]) => {
    await beforeEach?.(each.id);
    const owner = await findOwner({ ...context, data: each });
    if (owner === undefined) return;
    const message = `${each.id} was not deleted: it belongs to stack '${owner.stackName}', which is there (${owner.status})`;
    throw new OperationsError('OPERATIONS_DATA_OWNED', message);
  };
  for (const home of homes) {
    await mayGo(home);
    await deleteHome({ ...context, fileSystemId: home.id });
  }
  for (const bucket of buckets) {
    await mayGo(bucket);
    await deleteBucket({ ...context, bucketName: bucket.id });
  }
  return { homes: homes.map(({ id }) => id), buckets: buckets.map(({ id }) => id) };
}
