import { type SynthesizedStack, synthesizeStacks } from '@jenkins-aws/core/cdk';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import { ArtifactBucket } from './cdk/artifact-bucket.js';

export interface ArtifactsTemplateOptions {
  /** ARN of the KMS key that encrypts the objects. Default: S3's own keys. */
  readonly kmsKeyArn?: string;
}

/** The bucket of a deployment's artifacts as one self-contained CloudFormation template. Its output is `BucketName`. */
export function artifactsTemplate(options: ArtifactsTemplateOptions = {}): SynthesizedStack['template'] {
  const { kmsKeyArn } = options;
  const [stack] = synthesizeStacks((app) => {
    const artifacts = new Stack(app, 'JenkinsArtifacts', { description: 'Artifacts of deployments of Jenkins on AWS' });
    const key = kmsKeyArn === undefined ? {} : { encryptionKey: Key.fromKeyArn(artifacts, 'Key', kmsKeyArn) };
    const { bucket } = new ArtifactBucket(artifacts, 'Artifacts', key);
    new CfnOutput(artifacts, 'BucketName', { value: bucket.bucketName, description: 'The bucket' });
  });
  return stack?.template ?? {};
}

/** The file that the package ships in `templates/`: the bucket, encrypted by S3's own keys. */
export function shippedTemplates(): { fileName: string; template: SynthesizedStack['template'] }[] {
  return [{ fileName: 'artifacts.json', template: artifactsTemplate() }];
}
