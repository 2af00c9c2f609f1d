import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, ListTagsForResourceCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clearFaults, setFaults } from '../../src/index.js';
import {
  deploy,
  describeStack,
  destroy,
  lastEvents,
  lines,
  outputsOf,
  type Template,
} from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

const BUCKET = 'nested-templates';
let emulator: TestEmulator;
let cloudformation: CloudFormationClient;
beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
  await new S3Client(emulator.client).send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterEach(() => clearFaults(emulator.location));
afterAll(() => emulator.stop());

/** Puts a child's template where its parent names it. */
async function put(key: string, template: Template): Promise<string> {
  const Body = JSON.stringify(template);
  await new S3Client(emulator.client).send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body }));
  return `https://${BUCKET}.s3.eu-central-1.amazonaws.com/${key}`;
}

const parameter = (Name: string, Value: unknown) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value },
});
const child = (name: string, more: Record<string, object> = {}): Template => ({
  Parameters: { Text: { Type: 'String', Default: 'nothing' } },
  Resources: { Inner: parameter(name, { Ref: 'Text' }), ...more },
  Outputs: { Name: { Value: { Ref: 'Inner' } }, Text: { Value: { Ref: 'Text' } } },
});
const parent = (TemplateURL: string, text: string, more: object = {}): Template => ({
  Resources: {
    Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL, Parameters: { Text: text }, ...more } },
    After: parameter(`/after/${TemplateURL.split('/').at(-1)?.split('.')[0]}`, {
      'Fn::GetAtt': ['Child', 'Outputs.Name'],
    }),
  },
  Outputs: { Child: { Value: { Ref: 'Child' } }, Text: { Value: { 'Fn::GetAtt': ['Child', 'Outputs.Text'] } } },
});
const broken = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'Wrong', Value: 'x' } };
const readParameter = async (Name: string) =>
  (await new SSMClient(emulator.client).send(new GetParameterCommand({ Name }))).Parameter?.Value;

test('makes, changes and deletes a child as a stack of its own', async () => {
  const url = await put('plain.json', child('/inner'));
  const stack = await deploy(cloudformation, 'parent', parent(url, 'one', { Tags: [{ Key: 'of', Value: 'child' }] }));
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  const { Child: childId = '', Text } = outputsOf(stack);
  expect(Text).toBe('one');
  expect(await readParameter('/after/plain')).toBe('/inner');
  const made = await describeStack(cloudformation, childId);
  expect(made).toMatchObject({ StackStatus: 'CREATE_COMPLETE', ParentId: stack.StackId, RootId: stack.StackId });
  expect(made.StackName).toMatch(/^parent-Child-[0-9A-Z]+$/);
  const { TagList = [] } = await new SSMClient(emulator.client).send(
    new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: '/inner' }),
  );
  expect(TagList).toContainEqual({ Key: 'of', Value: 'child' });
  const told = lines(await lastEvents(cloudformation, childId), made.StackName ?? '');
  expect(told).toEqual(['Inner CREATE_IN_PROGRESS', 'Inner CREATE_COMPLETE']);

  const changed = await put('changed.json', child('/inner', { Extra: parameter('/extra', 'x') }));
  const updated = await deploy(cloudformation, 'parent', parent(changed, 'two'), 'UPDATE');
  expect(updated.StackStatus).toBe('UPDATE_COMPLETE');
  expect(outputsOf(updated)).toEqual({ Child: childId, Text: 'two' });
  expect(await readParameter('/inner')).toBe('two');
  expect((await describeStack(cloudformation, childId)).StackStatus).toBe('UPDATE_COMPLETE');
  const again = lines(await lastEvents(cloudformation, childId), made.StackName ?? '');
  expect(again).toContain('Extra CREATE_COMPLETE');

  expect((await destroy(cloudformation, 'parent')).StackStatus).toBe('DELETE_COMPLETE');
  expect((await describeStack(cloudformation, childId)).StackStatus).toBe('DELETE_COMPLETE');
  await expect(readParameter('/inner')).rejects.toThrow();
  const { StackEvents = [] } = await cloudformation.send(new DescribeStackEventsCommand({ StackName: childId }));
  expect(StackEvents[0]?.ResourceStatus).toBe('DELETE_COMPLETE');
});

test('fails the parent with the reason of its child, and leaves nothing of either', async () => {
  const url = await put('failing.json', child('/failing', { Broken: { ...broken, DependsOn: 'Inner' } }));
  const stack = await deploy(cloudformation, 'failing-parent', parent(url, 'one'));
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  const failure = (await lastEvents(cloudformation, 'failing-parent')).find(
    (event) => event.ResourceStatus === 'CREATE_FAILED',
  );
  expect(failure?.LogicalResourceId).toBe('Child');
  expect(failure?.ResourceStatusReason).toMatch(
    /^Embedded stack arn:.*:stack\/failing-parent-Child-.* was not successfully created: The following resource\(s\) failed to create: \[Broken\]/,
  );
  await expect(readParameter('/failing')).rejects.toThrow();
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({}));
  expect(Stacks.filter(({ StackName }) => StackName?.startsWith('failing-parent-'))).toEqual([]);
});

test('sends a child back with its parent', async () => {
  const url = await put('going-back.json', child('/going-back'));
  const before = await deploy(cloudformation, 'back', parent(url, 'old'));
  const next = parent(url, 'new');
  const stack = await deploy(
    cloudformation,
    'back',
    { ...next, Resources: { ...next.Resources, Broken: { ...broken, DependsOn: 'Child' } } },
    'UPDATE',
  );
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(outputsOf(stack)).toEqual(outputsOf(before));
  expect(await readParameter('/going-back')).toBe('old');
});

test('fails an update with the state of the child, which is what it was', async () => {
  const url = await put('stuck.json', child('/stuck'));
  await deploy(cloudformation, 'stuck-parent', parent(url, 'old'));
  await setFaults({
    ...emulator.location,
    rules: [{ service: 'ssm', operation: 'PutParameter', rate: 1, error: 'AccessDenied' }],
  });
  const stack = await deploy(cloudformation, 'stuck-parent', parent(url, 'new'), 'UPDATE');
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const failure = (await lastEvents(cloudformation, 'stuck-parent')).find(
    (event) => event.ResourceStatus === 'UPDATE_FAILED',
  );
  expect(failure?.ResourceStatusReason).toMatch(
    /^Embedded stack arn:.* was not successfully updated\. Currently in UPDATE_ROLLBACK_COMPLETE with reason: The following resource\(s\) failed to update: \[Inner\]/,
  );
  expect(await readParameter('/stuck')).toBe('old');
});

test('nests more than once, with one root', async () => {
  const innermost = await put('innermost.json', child('/innermost'));
  const middle = await put('middle.json', {
    ...parent(innermost, 'deep'),
    Outputs: { Name: { Value: 'middle' }, Text: { Value: 'x' } },
  });
  const top: Template = {
    Resources: { Middle: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: middle } } },
    Outputs: { Middle: { Value: { Ref: 'Middle' } } },
  };
  const stack = await deploy(cloudformation, 'top', top);
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  const { Middle = '' } = outputsOf(stack);
  const { StackResources = [] } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName: Middle }));
  const inner = StackResources.find(({ ResourceType }) => ResourceType === 'AWS::CloudFormation::Stack');
  expect(await describeStack(cloudformation, inner?.PhysicalResourceId ?? '')).toMatchObject({
    ParentId: Middle,
    RootId: stack.StackId,
  });
  expect((await destroy(cloudformation, 'top')).StackStatus).toBe('DELETE_COMPLETE');
  await expect(readParameter('/innermost')).rejects.toThrow();
});

test('fails when the template of a child is not there', async () => {
  const stack = await deploy(cloudformation, 'orphan', parent(`https://${BUCKET}.s3.amazonaws.com/gone.json`, 'x'));
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  const failure = (await lastEvents(cloudformation, 'orphan')).find(
    (event) => event.ResourceStatus === 'CREATE_FAILED',
  );
  expect(failure?.ResourceStatusReason).toContain('S3 error: The specified key does not exist.');
});
