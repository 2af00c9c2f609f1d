import { synthesizeStacks } from '@jenkins-aws/core/cdk';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { ArtifactBucket } from '../../src/cdk/artifact-bucket.js';
import { artifactsTemplate, shippedTemplates } from '../../src/template.js';

type Resource = { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string };
type Statement = { Effect: string; Principal: unknown; Condition: unknown };

const resourcesOf = (template: Readonly<Record<string, unknown>>) => template.Resources as Record<string, Resource>;
const [bucketId, policyId] = ['Artifacts80C0BB10', 'ArtifactsPolicy7E9913DC'];

describe('the bucket of the artifacts', () => {
  const template = artifactsTemplate();
  const resources = resourcesOf(template);
  const { Properties } = resources[bucketId] as Resource;

  it('keeps its logical ids, because another id would be another, empty bucket', () => {
    expect(Object.entries(resources).map(([id, { Type }]) => [id, Type])).toEqual([
      [bucketId, 'AWS::S3::Bucket'],
      [policyId, 'AWS::S3::BucketPolicy'],
    ]);
  });

  it('outlives its stack with its policy, unless its very creation fails', () => {
    expect(Object.values(resources)).toEqual([
      expect.objectContaining({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' }),
      expect.objectContaining({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' }),
    ]);
  });

  it('is never public, owned by the account, versioned and encrypted, and has no name that can be guessed', () => {
    expect(Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: { Status: 'Enabled' },
    });
    expect(JSON.stringify(Properties.BucketEncryption)).toContain('AES256');
    expect(Properties).not.toHaveProperty('BucketName');
  });

  it('denies everybody plain HTTP and TLS before 1.2', () => {
    const { PolicyDocument } = (resources[policyId] as Resource).Properties as {
      PolicyDocument: { Statement: Statement[] };
    };
    expect(PolicyDocument.Statement.map(({ Effect, Principal, Condition }) => [Effect, Principal, Condition])).toEqual([
      ['Deny', { AWS: '*' }, { Bool: { 'aws:SecureTransport': 'false' } }],
      ['Deny', { AWS: '*' }, { NumericLessThan: { 's3:TlsVersion': 1.2 } }],
    ]);
  });

  it('drops unfinished uploads after a week, old versions after 30 days and those of the lock after one', () => {
    expect(Properties.LifecycleConfiguration).toMatchObject({
      Rules: [
        { Prefix: 'deployment-lock.json', NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
        { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
        { NoncurrentVersionExpiration: { NoncurrentDays: 30 }, ExpiredObjectDeleteMarker: true },
      ],
    });
    expect(JSON.stringify(Properties.LifecycleConfiguration)).not.toContain('"ExpirationInDays"');
  });

  it('takes a KMS key, by a bucket key', () => {
    const kmsKeyArn = 'arn:aws-cn:kms:cn-north-1:123456789012:key/11111111-2222-3333-4444-555555555555';
    const encrypted = resourcesOf(artifactsTemplate({ kmsKeyArn }))[bucketId]?.Properties.BucketEncryption;
    expect(encrypted).toEqual({
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { KMSMasterKeyID: kmsKeyArn, SSEAlgorithm: 'aws:kms' },
        },
      ],
    });
  });

  it('tells its name, and ships as a file that is the same', () => {
    expect(template.Outputs).toMatchObject({ BucketName: { Value: { Ref: bucketId } } });
    expect(shippedTemplates()).toEqual([{ fileName: 'artifacts.json', template }]);
  });

  it('can be read by a role of the caller', () => {
    const [stack] = synthesizeStacks((app) => {
      const scope = new Stack(app, 'Mine');
      const { bucket } = new ArtifactBucket(scope, 'Artifacts');
      bucket.grantRead(new Role(scope, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    });
    expect(JSON.stringify(stack?.template)).toContain('s3:GetObject*');
  });
});
