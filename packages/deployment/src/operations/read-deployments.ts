import { GetObjectCommand } from '@aws-sdk/client-s3';
import { type DeploymentRecord, parseRecord, RECORD_PREFIX } from '../plan/deployment-record.js';
import { type BucketContext, bucketParameters, callBucket } from './artifact-store.js';
import { listObjects } from './list-artifacts.js';

export interface ReadDeploymentsOptions extends BucketContext {
  /** How many of the newest. Default: 10. */
  readonly limit?: number;
}

/** How many deployments are looked back on where the caller names no number. */
export const DEPLOYMENTS_KEPT = 10;

/**
 * The records of the last deployments, newest first. What is no record, or of a later format, is left out.
 *
 * Permissions: `s3:ListBucket` on the bucket, `s3:GetObject` on `deployments/*`. Costs a GET a record, and a call for
 * each 1,000 records that there are.
 *
 * @throws DeploymentError `DEPLOYMENT_BUCKET_MISSING`, or when the bucket cannot be asked
 */
export async function readDeployments(options: ReadDeploymentsOptions): Promise<readonly DeploymentRecord[]> {
  const texts = await readRecordTexts(options);
  return texts.flatMap((text) => parseRecord(text) ?? []);
}

/** The newest records as they are written, newest first. */
export async function readRecordTexts(options: ReadDeploymentsOptions): Promise<readonly string[]> {
  const { limit = DEPLOYMENTS_KEPT } = options;
  const objects = await listObjects(options, RECORD_PREFIX);
  const newest = limit > 0 ? objects.slice(-limit).reverse() : [];
  const texts: string[] = [];
  for (const { Key } of newest) {
    const command = new GetObjectCommand({ ...bucketParameters(options), Key });
    const text = await callBucket(options, `GetObject '${Key}'`, async (request) => {
      const { Body } = await options.s3.send(command, request);
      return Body?.transformToString();
    });
    texts.push(text ?? '');
  }
  return texts;
}
