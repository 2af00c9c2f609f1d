import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface ArtifactBucketProps {
  /**
   * Encrypts the objects, by a bucket key, so that KMS is asked rarely. Whoever deploys needs `kms:GenerateDataKey` and
   * `kms:Decrypt` on it. Default: S3's own keys, which cost nothing.
   */
  readonly encryptionKey?: IKey;
}

/** The lock gets a new version with each renewal: nobody needs the old ones. */
const LOCK_RULE: LifecycleRule = {
  id: 'OldSignsOfLife',
  prefix: 'deployment-lock.json',
  noncurrentVersionExpiration: Duration.days(1),
};

const RULES: readonly LifecycleRule[] = [
  LOCK_RULE,
  { id: 'UnfinishedUploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
  { id: 'OldVersions', noncurrentVersionExpiration: Duration.days(30), expiredObjectDeleteMarker: true },
];

/**
 * The bucket of a deployment's artifacts, lock and records: encrypted, versioned, by TLS 1.2 or later only, never
 * public, all objects owned by the account. What is deleted or overwritten can be had back for 30 days. It outlives its
 * stack, unless the stack's very creation fails. Its name is CloudFormation's choice, because whoever can guess a name
 * can take it first.
 */
export class ArtifactBucket extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, props: ArtifactBucketProps = {}) {
    super(scope, id);
    const { encryptionKey } = props;
    const bucket = new Bucket(this, 'Resource', {
      ...(encryptionKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [...RULES],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // A bucket that stays without its policy would answer plain HTTP from then on.
    bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    this.bucket = bucket;
  }
}
