import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startTestEmulator,
  type TestEmulator,
} from '../../../../packages/emulator/test/support/start-test-emulator.js';

const FOLDER = join(import.meta.dirname, '..', '..');
const BUCKET = 'team-templates';

let emulator: TestEmulator;
let cloudFormation: CloudFormationClient;
let packaged: string;

/** What `aws cloudformation package` does: local files go into the bucket, their addresses into the template. */
async function packageTemplate(text: string): Promise<string> {
  const s3 = new S3Client({ ...emulator.client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  let result = text;
  for (const [, file = ''] of text.matchAll(/TemplateURL: (\S+)/g)) {
    const key = file.split('/').slice(2).join('-');
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: readFileSync(join(FOLDER, file)) }));
    result = result.replace(file, `https://s3.${emulator.client.region}.amazonaws.com/${BUCKET}/${key}`);
  }
  return result;
}

beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudFormation = new CloudFormationClient(emulator.client);
  packaged = await packageTemplate(readFileSync(join(FOLDER, 'parent.yaml'), 'utf8'));
});
afterAll(() => emulator?.stop());

const resourcesOf = async (StackName: string) =>
  (await cloudFormation.send(new DescribeStackResourcesCommand({ StackName }))).StackResources ?? [];

describe('a parent template', () => {
  it('becomes a network and a Jenkins, and adds what is its own by their outputs', async () => {
    const { CertificateArn = '' } = await new ACMClient(emulator.client).send(
      new RequestCertificateCommand({ DomainName: 'jenkins.example.com' }),
    );
    const parameters = { OfficeCidr: '203.0.113.0/24', CertificateArn, Pager: 'https://pager.example.com/jenkins' };
    await cloudFormation.send(
      new CreateStackCommand({
        StackName: 'ci',
        TemplateBody: packaged,
        Capabilities: ['CAPABILITY_IAM'],
        Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
      }),
    );
    await waitUntilStackCreateComplete(
      { client: cloudFormation, minDelay: 1, maxDelay: 1, maxWaitTime: 120 },
      { StackName: 'ci' },
    );
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'ci' }));
    const outputs = Object.fromEntries(
      (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    );
    expect(outputs.Url).toMatch(/^https:\/\/\S+\/$/);
    expect(outputs.FileSystemId).toMatch(/^fs-/);

    const own = await resourcesOf('ci');
    expect(own.map(({ LogicalResourceId }) => LogicalResourceId).sort()).toEqual([
      'AlarmsToPager',
      'DatabaseFromJenkins',
      'DatabaseSecurityGroup',
      'Jenkins',
      'JenkinsReadsItsSettings',
      'JenkinsToDatabase',
      'Network',
    ]);
    const nested = own.find(({ LogicalResourceId }) => LogicalResourceId === 'Jenkins')?.PhysicalResourceId ?? '';
    const inside = await resourcesOf(nested);
    expect(inside.map(({ ResourceType }) => ResourceType)).toContain('AWS::AutoScaling::AutoScalingGroup');
  });
});
