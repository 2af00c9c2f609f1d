import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type Stack,
  type StackEvent,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { NoSuchBucket, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { destroyStacks, executeDeployment, type StackReview } from '../../src/index.js';
import { followStack } from '../../src/operations/follow-stack.js';
import { holderNamed, rememberEvents } from '../support/emulated-bucket.js';

const aws = mockClient(CloudFormationClient);
const s3Mock = mockClient(S3Client);
const context = { cloudFormation: new CloudFormationClient({ region: 'eu-central-1' }), pollIntervalMilliseconds: 1 };
const ID = 'arn:aws:cloudformation:eu-central-1:1:stack/a/1';
const handle = { stackName: 'a', stackId: ID };
const stack = (StackStatus: Stack['StackStatus'], more: Partial<Stack> = {}) => ({
  Stacks: [{ StackName: 'a', StackId: ID, StackStatus, CreationTime: new Date(0), ...more }],
});
const event = (EventId: string, LogicalResourceId: string, ResourceStatus: string): StackEvent => ({
  EventId,
  StackId: ID,
  StackName: 'a',
  LogicalResourceId,
  PhysicalResourceId: LogicalResourceId === 'a' ? ID : undefined,
  ResourceStatus: ResourceStatus as StackEvent['ResourceStatus'],
  Timestamp: new Date(0),
});
const throttled = Object.assign(new Error('Rate exceeded'), { name: 'Throttling' });

beforeEach(() => {
  aws.reset();
  s3Mock.reset();
  aws.on(GetTemplateCommand).resolves({ TemplateBody: '{"Resources":{}}' });
  aws.on(ListStackResourcesCommand).resolves({});
});

describe('following a stack', () => {
  it('reads a page again whose successor was throttled', async () => {
    const newer = [event('3', 'a', 'UPDATE_COMPLETE'), event('2', 'One', 'UPDATE_COMPLETE')];
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: newer, NextToken: 'older' })
      .rejectsOnce(throttled)
      .resolvesOnce({ StackEvents: newer, NextToken: 'older' })
      .resolvesOnce({ StackEvents: [event('1', 'a', 'UPDATE_IN_PROGRESS')] })
      .resolves({ StackEvents: newer });
    aws.on(DescribeStacksCommand).resolves(stack('UPDATE_COMPLETE'));
    const { events } = await followStack({ ...context, signal: AbortSignal.timeout(5_000) }, handle, undefined);
    expect(events.map(({ eventId }) => eventId)).toEqual(['1', '2', '3']);
  });

  it('ends with a deleted stack of which no event is seen', async () => {
    aws.on(DescribeStackEventsCommand).resolves({ StackEvents: [event('0', 'a', 'CREATE_COMPLETE')] });
    aws.on(DescribeStacksCommand).resolvesOnce(stack('DELETE_IN_PROGRESS')).resolves(stack('DELETE_COMPLETE'));
    const ending = await followStack({ ...context, signal: AbortSignal.timeout(5_000) }, handle, '0');
    expect(ending.stack.status).toBe('DELETE_COMPLETE');
  });

  it('fails in the end where neither an event nor the stack shows the operation', async () => {
    aws.on(DescribeStackEventsCommand).resolves({ StackEvents: [event('0', 'a', 'CREATE_COMPLETE')] });
    aws.on(DescribeStacksCommand).resolves(stack('CREATE_COMPLETE'));
    const following = followStack({ ...context, signal: AbortSignal.timeout(5_000) }, handle, '0');
    await expect(following).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_SILENT',
      message: expect.stringContaining('the stack is in CREATE_COMPLETE'),
    });
  });
});

describe('a protected stack that does not go', () => {
  const protectedStack = stack('CREATE_COMPLETE', { EnableTerminationProtection: true });
  const destroy = (more: object = {}) =>
    destroyStacks({ ...context, ...more, stacks: ['a'], releaseProtection: true }).catch((error) => error);
  const switches = () =>
    aws.commandCalls(UpdateTerminationProtectionCommand).map(({ args }) => args[0].input.EnableTerminationProtection);

  it.each(['DELETE_FAILED', 'UPDATE_COMPLETE'] as const)('is protected again when it ends in %s', async (status) => {
    aws.on(DescribeStacksCommand).resolvesOnce(protectedStack).resolves(stack(status));
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .resolves({ StackEvents: [event('1', 'a', status)] });
    const { reporter, events } = rememberEvents();
    expect(await destroy({ reporter })).toMatchObject({ code: 'DEPLOYMENT_DELETE_FAILED' });
    expect(switches()).toEqual([false, true]);
    expect(events.map(({ message }) => message)).toContain('a: termination protection on');
  });

  it('is protected again when the deletion could not begin, and says so where that fails too', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
    aws.on(DescribeStacksCommand).resolves(protectedStack);
    aws.on(DescribeStackEventsCommand).resolves({ StackEvents: [] });
    aws.on(DeleteStackCommand).rejects(denied);
    expect(await destroy()).toMatchObject({ code: 'DEPLOYMENT_ACCESS_DENIED' });
    expect(switches()).toEqual([false, true]);
    aws.on(UpdateTerminationProtectionCommand, { EnableTerminationProtection: true }).rejects(throttled);
    const { reporter, codes } = rememberEvents();
    expect(await destroy({ reporter })).toMatchObject({ code: 'DEPLOYMENT_ACCESS_DENIED' });
    expect(codes()).toContain('deployment.protection.left-off');
  });
});

describe('a bucket that was deleted under its stack', () => {
  const artifacts = {
    s3: new S3Client({ region: 'eu-central-1' }),
    bucket: { stackName: 'a', outputKey: 'BucketName' },
  };
  const locking = { ...context, artifacts, claim: { holder: holderNamed('ana'), now: Date.now } };
  const live = stack('CREATE_COMPLETE', { Outputs: [{ OutputKey: 'BucketName', OutputValue: 'gone' }] });
  const noBucket = new NoSuchBucket({ message: 'no', $metadata: {} });

  it('fails with the commands that delete that stack, because no deployment makes it again', async () => {
    aws.on(DescribeStacksCommand).resolves(live);
    s3Mock.onAnyCommand().rejects(noBucket);
    const update = { action: 'update', definition: { name: 'b', templateBody: '{}' } } as StackReview;
    const review = {
      stacks: [update],
      removals: [],
      ownershipTag: undefined,
      protectedTypes: [],
      allowReplacement: [],
    };
    const error = await executeDeployment({ ...locking, review }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'DEPLOYMENT_BUCKET_MISSING' });
    expect(error.message).toContain("stack 'a'");
    expect(error.hint).toContain('aws cloudformation delete-stack --stack-name a');
    expect(error.hint).toContain('--no-enable-termination-protection --stack-name a');
  });

  it('lets the stacks be destroyed without a lock, and says so', async () => {
    aws
      .on(DescribeStacksCommand)
      .resolvesOnce(live)
      .resolvesOnce(live)
      .resolvesOnce(live)
      .resolves(stack('DELETE_COMPLETE'));
    s3Mock.onAnyCommand().rejects(noBucket);
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .resolves({ StackEvents: [event('1', 'a', 'DELETE_COMPLETE')] });
    const { reporter, codes } = rememberEvents();
    const { deleted } = await destroyStacks({ ...locking, reporter, stacks: ['a'] });
    expect(deleted).toEqual(['a']);
    expect(codes()[0]).toBe('deployment.lock.impossible');
  });
});
