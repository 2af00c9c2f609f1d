import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Reporter } from '@jenkins-aws/core';
import { DeploymentError } from '../errors.js';
import { toDeploymentError } from '../to-deployment-error.js';
import { findStack } from './get-stack-summaries.js';

/** Where a deployment keeps its artifacts, its lock and its records: one bucket, e.g. of `ArtifactBucket`. */
export interface ArtifactStore {
  readonly s3: Pick<S3Client, 'send'>;
  /** Its name, or the stack and the output that tell it: that bucket is known only once its stack exists. */
  readonly bucket: string | { readonly stackName: string; readonly outputKey: string };
  /** Twelve digits. S3 then refuses a bucket of that name in another account. Default: not checked. */
  readonly expectedBucketOwner?: string;
}

/** What every operation on the bucket takes. */
export interface BucketContext {
  readonly s3: Pick<S3Client, 'send'>;
  readonly bucketName: string;
  /** Twelve digits. S3 then refuses a bucket of that name in another account. Default: not checked. */
  readonly expectedBucketOwner?: string;
  /** Default: none. */
  readonly signal?: AbortSignal;
  /** Default: nobody is told. */
  readonly reporter?: Reporter;
}

export interface FindArtifactBucketOptions {
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  readonly store: ArtifactStore;
  /** Default: none. */
  readonly signal?: AbortSignal;
}

/**
 * The name of a store's bucket. Undefined while the stack that makes it does not exist or has no such output yet.
 *
 * Permissions: `cloudformation:DescribeStacks` on that stack, none where the name is given. Costs nothing.
 *
 * @throws DeploymentError when the account cannot be asked
 */
export async function findArtifactBucket(options: FindArtifactBucketOptions): Promise<string | undefined> {
  const { bucket } = options.store;
  if (typeof bucket === 'string') return bucket;
  const stack = await findStack(options, bucket.stackName);
  return stack?.outputs[bucket.outputKey];
}

/** What every request to the bucket carries. */
export function bucketParameters({ bucketName, expectedBucketOwner }: BucketContext): {
  Bucket: string;
  ExpectedBucketOwner?: string;
} {
  return {
    Bucket: bucketName,
    ...(expectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: expectedBucketOwner }),
  };
}

/** Runs one S3 call and turns whatever it throws into a DeploymentError that names the bucket. */
export async function callBucket<Output>(
  { bucketName, signal }: BucketContext,
  operation: string,
  send: (options: { abortSignal?: AbortSignal }) => Promise<Output>,
): Promise<Output> {
  try {
    return await send(signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    const { name } = error as { name?: unknown };
    if (name !== 'NoSuchBucket')
      throw toDeploymentError(error, { operation: `${operation} in bucket '${bucketName}'` });
    throw new DeploymentError(
      'DEPLOYMENT_BUCKET_MISSING',
      `bucket '${bucketName}' does not exist in this account and region: deploy the stack that makes it, or correct the name`,
      { cause: error },
    );
  }
}

/** Whether a bucket is not there, or has yet to be made. */
export function isMissingBucket(error: unknown): boolean {
  return error instanceof DeploymentError && error.code === 'DEPLOYMENT_BUCKET_MISSING';
}

/**
 * The error about a bucket that is gone although the stack that makes it lives: CloudFormation does not see that, so
 * another deployment would not make it again. Any other error as it is.
 */
export function explainLostBucket({ bucket }: ArtifactStore, bucketName: string, error: unknown): unknown {
  if (typeof bucket === 'string' || !isMissingBucket(error)) return error;
  const { stackName } = bucket;
  const commands = [
    `update-termination-protection --no-enable-termination-protection --stack-name ${stackName}`,
    `delete-stack --stack-name ${stackName}`,
    `wait stack-delete-complete --stack-name ${stackName}`,
  ].map((command) => `aws cloudformation ${command}`);
  return new DeploymentError(
    'DEPLOYMENT_BUCKET_MISSING',
    `bucket '${bucketName}' was deleted, and stack '${stackName}' that makes it is still there, so no deployment makes it again: delete that stack, then deploy`,
    { cause: error, hint: `${commands.join(' && ')}, then deploy again. its artifacts are uploaded anew` },
  );
}

/** Whether S3 says that there is no such object. A HEAD answers without a body, and so without a code. */
export function isMissingObject(error: unknown): boolean {
  const { name } = error as { name?: unknown };
  return name === 'NoSuchKey' || name === 'NotFound';
}

/** Whether a conditional request was refused because the object is not what the caller had seen. */
export function isRefusedCondition(error: unknown): boolean {
  const { name, $metadata } = error as { name?: unknown; $metadata?: { httpStatusCode?: number } };
  return name === 'ConditionalRequestConflict' || $metadata?.httpStatusCode === 412;
}
