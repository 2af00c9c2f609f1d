import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { silentReporter } from '@jenkins-aws/core';
import { DeploymentError } from '../errors.js';
import { deploymentEvents } from '../events.js';
import { artifactKey } from '../plan/artifact-key.js';
import { planParts, type UploadPlan } from '../plan/plan-parts.js';
import {
  type BucketContext,
  bucketParameters,
  callBucket,
  isMissingObject,
  isRefusedCondition,
} from './artifact-store.js';
import { isGoneUpload, type ObjectTarget, uploadParts } from './upload-parts.js';

export interface UploadArtifactOptions extends BucketContext {
  readonly body: Uint8Array;
  /** Default: `application/octet-stream`. */
  readonly contentType?: string;
  /** What the key ends with, e.g. `.zip`. Default: nothing. */
  readonly extension?: string;
}

export interface UploadedArtifact {
  /** `artifacts/sha256/<digest><extension>`. */
  readonly key: string;
  /** Hex. */
  readonly sha256: string;
  /** False when it was there, with the right checksum. */
  readonly uploaded: boolean;
}

/** Others may write the same content at the same time: each look finds it there, or finds a new state to start from. */
const ATTEMPTS = 5;

/**
 * Brings an artifact into the bucket under the name of its content, once: what is there with the right checksum is not
 * sent again, what is there with another one was overwritten by somebody and is replaced, which is reported. More than
 * 8 MiB go in parts, four at a time, and an upload that was interrupted, by whomever, is gone on with.
 *
 * S3 itself verifies the SHA-256 of what it gets.
 *
 * Permissions: `s3:PutObject`, `s3:GetObject`, `s3:ListMultipartUploadParts` on `artifacts/*`, `s3:ListBucket` and
 * `s3:ListBucketMultipartUploads` on the bucket; with a KMS key `kms:GenerateDataKey` and `kms:Decrypt`. Costs a HEAD,
 * and a PUT a part.
 *
 * @throws DeploymentError `DEPLOYMENT_BUCKET_MISSING`, `DEPLOYMENT_ARTIFACT_CORRUPT` when S3 got something else than was
 *   sent, `DEPLOYMENT_ABORTED`, or when the bucket cannot be asked
 */
export async function uploadArtifact(options: UploadArtifactOptions): Promise<UploadedArtifact> {
  const { body, contentType = 'application/octet-stream', extension, reporter = silentReporter } = options;
  const plan = planParts(body);
  const { sha256 } = plan;
  const key = artifactKey(sha256, extension);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const there = await findObject(options, key);
    const intact = there?.checksum === plan.checksum && there.bytes === body.byteLength;
    if (intact) return { key, sha256, uploaded: false };
    if (there !== undefined) reporter.report(deploymentEvents.artifactCorrupt({ key, checksum: there.checksum }));
    const condition = there === undefined ? { IfNoneMatch: '*' as const } : { IfMatch: there.etag };
    try {
      await send(options, plan, { key, contentType, condition });
      reporter.report(deploymentEvents.artifactUploaded({ key, bytes: body.byteLength }));
      return { key, sha256, uploaded: true };
    } catch (error) {
      const { cause = error } = error as { cause?: unknown };
      if ((cause as { name?: unknown }).name === 'BadDigest') throw corrupt(key, 's3 got other bytes', cause);
      if (!isRefusedCondition(cause) && !isGoneUpload(cause) && !isMissingObject(cause)) throw error;
    }
  }
  throw corrupt(key, `somebody keeps writing other content under this name`);
}

async function send(context: BucketContext, plan: UploadPlan, target: ObjectTarget): Promise<void> {
  const [only, ...more] = plan.parts;
  if (only === undefined || more.length > 0) return uploadParts(context, plan, target);
  const command = new PutObjectCommand({
    ...bucketParameters(context),
    Key: target.key,
    Body: only.body,
    ContentType: target.contentType,
    ChecksumSHA256: only.checksum,
    ...target.condition,
  });
  await callBucket(context, `PutObject '${target.key}'`, (options) => context.s3.send(command, options));
}

async function findObject(
  context: BucketContext,
  key: string,
): Promise<{ etag: string; bytes: number | undefined; checksum: string | undefined } | undefined> {
  return callBucket(context, `HeadObject '${key}'`, async (options) => {
    try {
      const command = new HeadObjectCommand({ ...bucketParameters(context), Key: key, ChecksumMode: 'ENABLED' });
      const { ETag, ContentLength, ChecksumSHA256 } = await context.s3.send(command, options);
      return { etag: ETag ?? '', bytes: ContentLength, checksum: ChecksumSHA256 };
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      throw error;
    }
  });
}

function corrupt(key: string, why: string, cause?: unknown): DeploymentError {
  return new DeploymentError(
    'DEPLOYMENT_ARTIFACT_CORRUPT',
    `artifact '${key}' is not what was sent: ${why}. run again, and see who else writes to the bucket if it stays`,
    cause === undefined ? {} : { cause },
  );
}
