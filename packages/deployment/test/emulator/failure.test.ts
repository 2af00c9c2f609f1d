import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clearFaults, setFaults } from '@jenkins-aws/emulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../../../emulator/test/support/start-test-emulator.js';
import { deployStack } from '../../src/index.js';
import { canEmulate } from '../support/emulated-cloud-formation.js';
import { FAILING_RESOURCE, templateOf } from '../support/templates.js';

let emulator: TestEmulator;
beforeAll(async () => {
  if (canEmulate) emulator = await startTestEmulator();
});
afterEach(() => clearFaults(emulator.location));
afterAll(() => emulator?.stop());

const deploy = (name: string, resources: Parameters<typeof templateOf>[0]) =>
  deployStack({
    cloudFormation: new CloudFormationClient(emulator.client),
    pollIntervalMilliseconds: 200,
    signal: AbortSignal.timeout(120_000),
    stack: { name, templateBody: templateOf(resources) },
  });
const topic = (DisplayName: string) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });

describe.skipIf(!canEmulate)('a failed stack', () => {
  it('tells the permission that was missing in a first creation, and where its resource stands', async () => {
    await setFaults({
      ...emulator.location,
      rules: [{ service: 'sns', operation: 'CreateTopic', rate: 1, error: 'AuthorizationError' }],
    });
    const thrown = await deploy('denied', {
      Given: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: '/denied/given', Value: 'x' } },
      Topic: { ...topic('a'), DependsOn: 'Given' },
    }).catch((error) => error);
    expect(thrown).toMatchObject({
      code: 'DEPLOYMENT_STACK_FAILED',
      failure: {
        logicalId: 'Topic',
        operation: 'sns:CreateTopic',
        missingPermission: 'sns:CreateTopic',
        templatePointer: '/Resources/Topic',
        templateLine: 11,
      },
      hint: expect.stringMatching(/^have sns:CreateTopic .*granted/),
    });
  });

  it('tells the line of the template that was refused in an update, not of the one that the stack went back to', async () => {
    await deploy('updated', { First: topic('a') });
    const thrown = await deploy('updated', { First: topic('a'), Second: FAILING_RESOURCE }).catch((error) => error);
    expect(thrown).toMatchObject({
      failure: { logicalId: 'Second', status: 'UPDATE_ROLLBACK_COMPLETE', templateLine: 9 },
      message: expect.stringMatching(/^could not update stack 'updated', Second \(AWS::EFS::MountTarget\), line 9 /),
    });
  });

  it('tells what failed in a nested stack, and where that stands in its template', async () => {
    const s3 = new S3Client({ ...emulator.client, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'nested-templates' }));
    const Body = templateOf({ First: topic('a'), Second: FAILING_RESOURCE });
    await s3.send(new PutObjectCommand({ Bucket: 'nested-templates', Key: 'inner.json', Body }));
    const TemplateURL = 'https://nested-templates.s3.eu-central-1.amazonaws.com/inner.json';
    const thrown = await deploy('outer', {
      Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } },
    }).catch((error) => error);
    expect(thrown).toMatchObject({
      failure: {
        logicalId: 'Second',
        type: 'AWS::EFS::MountTarget',
        nestedStackName: expect.stringMatching(/^outer-Inner-/),
        templateLine: 9,
      },
      message: expect.stringMatching(
        /^could not create stack 'outer', Second \(\S+\) in nested stack 'outer-Inner-\S+', line 9/,
      ),
    });
  });
});
