import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type DeploymentRecord, recordKey, renderRecord } from '../plan/deployment-record.js';
import { type BucketContext, bucketParameters, callBucket } from './artifact-store.js';

export interface RecordDeploymentOptions extends BucketContext {
  readonly record: DeploymentRecord;
}

/**
 * Writes down what a deployment did, under `deployments/`, and returns the key. A record is written once: the same one
 * again changes nothing.
 *
 * Permissions: `s3:PutObject` on `deployments/*`. Costs one PUT.
 *
 * @throws DeploymentError `DEPLOYMENT_BUCKET_MISSING`, or when the bucket cannot be asked
 */
export async function recordDeployment(options: RecordDeploymentOptions): Promise<string> {
  const { record, s3 } = options;
  const key = recordKey(record);
  const command = new PutObjectCommand({
    ...bucketParameters(options),
    Key: key,
    Body: renderRecord(record),
    ContentType: 'application/json',
    ChecksumAlgorithm: 'SHA256',
  });
  await callBucket(options, `PutObject '${key}'`, (request) => s3.send(command, request));
  return key;
}
