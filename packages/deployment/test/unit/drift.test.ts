import {
  CloudFormationClient,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  ListStackResourcesCommand,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { detectDrift } from '../../src/drift.js';

const aws = mockClient(CloudFormationClient);
const context = { cloudFormation: new CloudFormationClient({ region: 'eu-central-1' }), pollIntervalMilliseconds: 1 };
const startedAt = new Date(10_000);

const drift = (LogicalResourceId: string, more: Partial<StackResourceDrift> = {}): StackResourceDrift => ({
  StackId: 'id',
  LogicalResourceId,
  ResourceType: 'AWS::SNS::Topic',
  StackResourceDriftStatus: 'IN_SYNC',
  Timestamp: new Date(11_000),
  ...more,
});

function answer(drifts: StackResourceDrift[], detection: { status: string; reason?: string }) {
  aws.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: 'a', StackId: 'id', StackStatus: 'CREATE_COMPLETE', CreationTime: new Date(0) }],
  });
  aws.on(DetectStackDriftCommand).resolves({ StackDriftDetectionId: 'd' });
  aws
    .on(DescribeStackDriftDetectionStatusCommand)
    .resolvesOnce({ DetectionStatus: 'DETECTION_IN_PROGRESS' } as never)
    .resolves({
      DetectionStatus: detection.status,
      DetectionStatusReason: detection.reason,
      Timestamp: startedAt,
    } as never);
  aws.on(DescribeStackResourceDriftsCommand).resolves({ StackResourceDrifts: drifts });
  aws.on(ListStackResourcesCommand).resolves({
    StackResourceSummaries: drifts.map(({ LogicalResourceId, ResourceType }) => ({
      LogicalResourceId,
      ResourceType,
      ResourceStatus: 'CREATE_COMPLETE' as const,
      LastUpdatedTimestamp: startedAt,
    })),
  });
}

beforeEach(() => aws.reset());

describe('detecting drift', () => {
  it('waits until CloudFormation has finished', async () => {
    answer([drift('Topic')], { status: 'DETECTION_COMPLETE' });
    const [stack] = await detectDrift({ ...context, stackNames: ['a'] });
    expect(stack).toMatchObject({ status: 'in-sync', reason: undefined });
    expect(aws.commandCalls(DescribeStackDriftDetectionStatusCommand)).toHaveLength(2);
  });

  it('takes no result of an earlier look for one of this look', async () => {
    answer([drift('Fresh'), drift('Stale', { Timestamp: new Date(9_000) })], {
      status: 'DETECTION_FAILED',
      reason: 'Failed to detect drift on resources [Stale]',
    });
    const [stack] = await detectDrift({ ...context, stackNames: ['a'] });
    expect(stack?.status).toBe('unchecked');
    expect(stack?.resources.map(({ status, reason }) => [status, reason])).toEqual([
      ['in-sync', undefined],
      ['unchecked', 'Failed to detect drift on resources [Stale]'],
    ]);
  });

  it.each([
    ['UNKNOWN', 'Rate exceeded', 'Rate exceeded'],
    ['UNSUPPORTED', undefined, 'CloudFormation does not compare resources of type AWS::SNS::Topic'],
    ['NOT_CHECKED', undefined, 'CloudFormation does not compare resources of type AWS::SNS::Topic'],
    ['A_STATUS_TO_COME', undefined, 'CloudFormation does not compare resources of type AWS::SNS::Topic'],
  ])('does not count %s as good', async (status, DriftStatusReason, reason) => {
    const resource = drift('Topic', { StackResourceDriftStatus: status as 'UNKNOWN', DriftStatusReason });
    answer([resource], { status: 'DETECTION_COMPLETE' });
    const [stack] = await detectDrift({ ...context, stackNames: ['a'] });
    expect(stack?.status).toBe('unchecked');
    expect(stack?.resources).toMatchObject([{ status: 'unchecked', reason }]);
  });

  it('says what was added and what was taken away', async () => {
    const PropertyDifferences: StackResourceDrift['PropertyDifferences'] = [
      { PropertyPath: '/Tags/2', ExpectedValue: 'null', ActualValue: '{"Key":"a"}', DifferenceType: 'ADD' },
      { PropertyPath: '/Tags/0', ExpectedValue: '{"Key":"b"}', ActualValue: 'null', DifferenceType: 'REMOVE' },
    ];
    answer([drift('Topic', { StackResourceDriftStatus: 'MODIFIED', PropertyDifferences })], {
      status: 'DETECTION_COMPLETE',
    });
    const [stack] = await detectDrift({ ...context, stackNames: ['a'] });
    expect(stack?.resources[0]?.differences).toEqual([
      { path: '/Tags/2', kind: 'added', expected: '', actual: '{"Key":"a"}' },
      { path: '/Tags/0', kind: 'removed', expected: '{"Key":"b"}', actual: '' },
    ]);
  });

  it('compares at most eight stacks at once', async () => {
    answer([drift('Topic')], { status: 'DETECTION_COMPLETE' });
    let running = 0;
    let most = 0;
    aws.on(DescribeStacksCommand).callsFake(async ({ StackName }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((done) => setTimeout(done, 5));
      running -= 1;
      return { Stacks: [{ StackName, StackId: StackName, StackStatus: 'CREATE_COMPLETE' }] };
    });
    const stackNames = Array.from({ length: 20 }, (_, index) => `s${index}`);
    const drifts = await detectDrift({ ...context, stackNames });
    expect(drifts.map(({ stackName }) => stackName)).toEqual(stackNames);
    expect(most).toBe(8);
  });

  it('fails when the credentials lack the permission', async () => {
    answer([drift('Topic')], { status: 'DETECTION_COMPLETE' });
    const denied = Object.assign(new Error('not authorized to perform: cloudformation:DetectStackDrift'), {
      name: 'AccessDenied',
    });
    aws.on(DetectStackDriftCommand).rejects(denied);
    await expect(detectDrift({ ...context, stackNames: ['a'] })).rejects.toMatchObject({
      code: 'DEPLOYMENT_ACCESS_DENIED',
    });
  });

  it('fails with the first stack that cannot be compared, and begins no other then', async () => {
    answer([], { status: 'DETECTION_COMPLETE' });
    aws.on(DescribeStacksCommand, { StackName: 'stack-5' }).rejects(new Error('no'));
    const stackNames = Array.from({ length: 30 }, (_, index) => `stack-${index}`);
    await expect(detectDrift({ ...context, stackNames })).rejects.toThrow(/DescribeStacks/);
    expect(aws.commandCalls(DescribeStacksCommand)).toHaveLength(8);
  });
});
