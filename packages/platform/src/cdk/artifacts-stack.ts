import { ArtifactBucket } from '@jenkins-aws/deployment/cdk';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PlatformConfig } from '../options/platform-config.js';

export interface ArtifactsStackProps extends StackProps {
  readonly config: PlatformConfig;
}

/** The bucket of everything that is too large for a template, of the deployment's lock and of its records. */
export class ArtifactsStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: ArtifactsStackProps) {
    super(scope, id, { description: `Artifacts of the Jenkins platform ${config.name}`, ...props });
    const { bucket } = new ArtifactBucket(this, 'Artifacts');
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName });
  }
}
