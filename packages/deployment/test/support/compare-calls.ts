import type { PolicyDocument } from '../../src/permissions.js';

/** A call of an API as it was recorded, or as the code makes it. */
export interface Call {
  /** As in an IAM policy, e.g. `elasticfilesystem`. */
  readonly service: string;
  /** As the API calls it, e.g. `HeadObject`. */
  readonly operation: string;
}

export interface CallComparison {
  /** Actions that were called and that no policy allows, with the operation, e.g. `s3:GetObject (HeadObject)`. */
  readonly missing: readonly string[];
  /** Actions that the policies allow and that nobody called. */
  readonly unused: readonly string[];
}

/** Where IAM calls it otherwise than the API does (S3's and CloudFormation's pages of the service authorization reference). */
const OTHER_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  's3:CompleteMultipartUpload': ['s3:PutObject'],
  's3:CopyObject': ['s3:GetObject', 's3:PutObject'],
  's3:CreateMultipartUpload': ['s3:PutObject'],
  's3:DeleteBucketCors': ['s3:PutBucketCORS'],
  's3:DeleteBucketEncryption': ['s3:PutEncryptionConfiguration'],
  's3:DeleteBucketLifecycle': ['s3:PutLifecycleConfiguration'],
  's3:DeleteBucketOwnershipControls': ['s3:PutBucketOwnershipControls'],
  's3:DeleteBucketTagging': ['s3:PutBucketTagging'],
  's3:DeleteObjects': ['s3:DeleteObject'],
  's3:DeletePublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:GetBucketEncryption': ['s3:GetEncryptionConfiguration'],
  's3:GetBucketLifecycleConfiguration': ['s3:GetLifecycleConfiguration'],
  's3:GetPublicAccessBlock': ['s3:GetBucketPublicAccessBlock'],
  's3:HeadBucket': ['s3:ListBucket'],
  's3:HeadObject': ['s3:GetObject'],
  's3:ListBuckets': ['s3:ListAllMyBuckets'],
  's3:ListMultipartUploads': ['s3:ListBucketMultipartUploads'],
  's3:ListObjectVersions': ['s3:ListBucketVersions'],
  's3:ListObjects': ['s3:ListBucket'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  's3:ListParts': ['s3:ListMultipartUploadParts'],
  's3:PutBucketCors': ['s3:PutBucketCORS'],
  's3:PutBucketEncryption': ['s3:PutEncryptionConfiguration'],
  's3:PutBucketLifecycleConfiguration': ['s3:PutLifecycleConfiguration'],
  's3:PutPublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:UploadPart': ['s3:PutObject'],
  // Everybody may ask who they are, whatever the policies say (API reference of GetCallerIdentity).
  'sts:GetCallerIdentity': [],
};

/** What a policy has to allow for a call. */
export function actionsOfCall({ service, operation }: Call): readonly string[] {
  const action = `${service}:${operation}`;
  return OTHER_ACTIONS[action] ?? [action];
}

/** Compares what was called with what the policies allow, by the names of the actions. */
export function compareCalls(policies: readonly PolicyDocument[], calls: readonly Call[]): CallComparison {
  const allowed = new Set(policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action)));
  const called = new Set(calls.flatMap(actionsOfCall));
  const missing = calls.flatMap((call) =>
    actionsOfCall(call)
      .filter((action) => !allowed.has(action))
      .map((action) => (action.endsWith(`:${call.operation}`) ? action : `${action} (${call.operation})`)),
  );
  return {
    missing: [...new Set(missing)].sort(),
    unused: [...allowed].filter((action) => !called.has(action)).sort(),
  };
}
