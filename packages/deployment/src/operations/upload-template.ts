import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { DeploymentError } from '../errors.js';
import { parseTemplate } from '../plan/read-template.js';
import { templateUrl } from '../plan/template-url.js';
import { type BucketContext, bucketParameters, callBucket } from './artifact-store.js';
import { type UploadedArtifact, uploadArtifact } from './upload-artifact.js';

export interface UploadTemplateOptions extends BucketContext {
  /** JSON or YAML. CloudFormation reads at most 1,000,000 bytes from a bucket. */
  readonly templateBody: string;
}

export interface UploadedTemplate extends UploadedArtifact {
  /** What CloudFormation takes as `TemplateURL`; it reads the object with the caller's permissions. */
  readonly templateUrl: string;
}

/**
 * Brings a template into the bucket, for what is larger than CloudFormation takes as text, and tells its address in the
 * bucket's region and partition.
 *
 * Permissions: those of {@link uploadArtifact}. Costs two calls, and a PUT where the template is new.
 *
 * @throws DeploymentError as {@link uploadArtifact}
 */
export async function uploadTemplate(options: UploadTemplateOptions): Promise<UploadedTemplate> {
  const { templateBody, bucketName } = options;
  const region = await findRegion(options);
  const json = parseTemplate(templateBody) !== undefined;
  const artifact = await uploadArtifact({
    ...options,
    body: Buffer.from(templateBody),
    contentType: json ? 'application/json' : 'application/yaml',
    extension: json ? '.json' : '.yaml',
  });
  return { ...artifact, templateUrl: templateUrl(region, bucketName, artifact.key) };
}

async function findRegion(context: BucketContext): Promise<string> {
  const { bucketName } = context;
  const head = new HeadBucketCommand(bucketParameters(context));
  try {
    const { BucketRegion } = await callBucket(context, 'HeadBucket', (options) => context.s3.send(head, options));
    return BucketRegion ?? '';
  } catch (error) {
    const { cause } = error as { cause?: { name?: unknown } };
    if (cause?.name !== 'NotFound') throw error;
    throw new DeploymentError('DEPLOYMENT_BUCKET_MISSING', `bucket '${bucketName}' does not exist`, { cause });
  }
}
