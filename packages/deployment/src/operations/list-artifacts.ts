import { ListObjectsV2Command, type _Object as S3Object } from '@aws-sdk/client-s3';
import { ARTIFACT_PREFIX, digestOfKey } from '../plan/artifact-key.js';
import { type BucketContext, bucketParameters, callBucket } from './artifact-store.js';

/** An artifact as it lies in the bucket. */
export interface Artifact {
  readonly key: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly uploadedAt: Date;
}

/**
 * Every artifact in the bucket, in the order of its digest. Objects that are named otherwise are left out.
 *
 * Permissions: `s3:ListBucket` on the bucket. Costs a call for each 1,000 artifacts.
 *
 * @throws DeploymentError `DEPLOYMENT_BUCKET_MISSING`, or when the bucket cannot be asked
 */
export async function listArtifacts(context: BucketContext): Promise<readonly Artifact[]> {
  const objects = await listObjects(context, ARTIFACT_PREFIX);
  return objects.flatMap(({ Key: key = '', Size: bytes = 0, LastModified: uploadedAt }) => {
    const sha256 = digestOfKey(key);
    return sha256 === undefined || uploadedAt === undefined ? [] : [{ key, sha256, bytes, uploadedAt }];
  });
}

/** Every object below a prefix, in the order of the keys. */
export async function listObjects(context: BucketContext, prefix: string): Promise<readonly S3Object[]> {
  const objects: S3Object[] = [];
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      ...bucketParameters(context),
      Prefix: prefix,
      ContinuationToken: token,
    });
    const page = await callBucket(context, 'ListObjectsV2', (options) => context.s3.send(command, options));
    objects.push(...(page.Contents ?? []));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return objects;
}
