import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import type { Part, UploadPlan } from '../plan/plan-parts.js';
import { type BucketContext, bucketParameters, callBucket } from './artifact-store.js';

/** An object in the bucket under the key that is wanted. */
export interface ObjectTarget {
  readonly key: string;
  readonly contentType: string;
  /** The write happens only where this holds: nobody has been there meanwhile. */
  readonly condition: { readonly IfNoneMatch: '*' } | { readonly IfMatch: string };
}

/** Fills the line of most offices; each part in flight is 8 MiB that are in memory anyway. */
const PARTS_AT_A_TIME = 4;

/** Whether an upload was finished or given up by somebody else. */
export function isGoneUpload(error: unknown): boolean {
  return (error as { name?: unknown }).name === 'NoSuchUpload';
}

/**
 * Uploads what is missing of an artifact in parts. Parts that an earlier
 * run has sent stay: S3's own checksum of a part tells that it is the one that is wanted. An upload that is not finished
 * is left for the next run; the bucket gives it up after a week.
 */
export async function uploadParts(
  context: BucketContext,
  { parts }: UploadPlan,
  { key, contentType, condition }: ObjectTarget,
): Promise<void> {
  const object = { ...bucketParameters(context), Key: key };
  const uploadId = (await findUpload(context, key)) ?? (await beginUpload());
  const tags = await readTags();
  if (tags.size > 0) {
    const { reporter = silentReporter } = context;
    reporter.report(deploymentEvents.uploadResumed({ key, partsThere: tags.size, parts: parts.length }));
  }
  const missing = parts.filter(({ partNumber }) => !tags.has(partNumber));
  const lines = await Promise.allSettled(Array.from({ length: PARTS_AT_A_TIME }, uploadMissing));
  const failed = lines.find((line) => line.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const command = new CompleteMultipartUploadCommand({
    ...object,
    UploadId: uploadId,
    MultipartUpload: {
      Parts: parts.map((part) => ({
        PartNumber: part.partNumber,
        ETag: tags.get(part.partNumber),
        ChecksumSHA256: part.checksum,
      })),
    },
    ...condition,
  });
  await callBucket(context, `CompleteMultipartUpload '${key}'`, (options) => context.s3.send(command, options));

  async function beginUpload(): Promise<string | undefined> {
    const create = new CreateMultipartUploadCommand({
      ...object,
      ContentType: contentType,
      ChecksumAlgorithm: 'SHA256',
      ChecksumType: 'COMPOSITE',
    });
    const { UploadId } = await callBucket(context, `CreateMultipartUpload '${key}'`, (options) =>
      context.s3.send(create, options),
    );
    return UploadId;
  }

  /** The ETags of the parts that are there and right, by their number. */
  async function readTags(): Promise<Map<number, string>> {
    const wanted = new Map(parts.map((part) => [part.partNumber, part.checksum]));
    const found = new Map<number, string>();
    let marker: string | undefined;
    do {
      const list = new ListPartsCommand({ ...object, UploadId: uploadId, PartNumberMarker: marker });
      const page = await callBucket(context, `ListParts '${key}'`, (options) => context.s3.send(list, options));
      for (const { PartNumber = 0, ETag, ChecksumSHA256 } of page.Parts ?? []) {
        if (ETag !== undefined && wanted.get(PartNumber) === ChecksumSHA256) found.set(PartNumber, ETag);
      }
      marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
    return found;
  }

  async function uploadMissing(): Promise<void> {
    try {
      for (let part = missing.shift(); part !== undefined; part = missing.shift()) await uploadPart(part);
    } catch (error) {
      // The parts that are on their way arrive; no more are begun.
      missing.length = 0;
      throw error;
    }
  }

  async function uploadPart({ partNumber, body, checksum }: Part): Promise<void> {
    const upload = new UploadPartCommand({
      ...object,
      UploadId: uploadId,
      PartNumber: partNumber,
      Body: body,
      ChecksumSHA256: checksum,
    });
    const { ETag } = await callBucket(context, `UploadPart ${partNumber} of '${key}'`, (options) =>
      context.s3.send(upload, options),
    );
    tags.set(partNumber, ETag ?? '');
  }
}

/** The newest upload of this key that nobody finished. S3 lists them by key and then by age. */
async function findUpload(context: BucketContext, key: string): Promise<string | undefined> {
  const list = new ListMultipartUploadsCommand({ ...bucketParameters(context), Prefix: key });
  const { Uploads } = await callBucket(context, 'ListMultipartUploads', (options) => context.s3.send(list, options));
  return Uploads?.findLast(({ Key }) => Key === key)?.UploadId;
}
