import { StackStatus } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { findFirstCause, hintForReason, type StackEventRecord } from '../../src/internal/first-cause.js';
import { judgeStatus } from '../../src/internal/judge-status.js';
import { findRefusedChanges } from '../../src/plan/find-refused-changes.js';
import { type ChangeEffect, findUnreviewedChanges, type ResourceChange } from '../../src/plan/resource-change.js';

describe('judging a stack status', () => {
  it('knows every status that the SDK knows, and a way out of each that takes no update', () => {
    const stuck = Object.values(StackStatus).filter((status) => judgeStatus(status).kind === 'stuck');
    expect(stuck.sort()).toEqual([
      'CREATE_FAILED',
      'DELETE_FAILED',
      'IMPORT_ROLLBACK_FAILED',
      'ROLLBACK_COMPLETE',
      'ROLLBACK_FAILED',
      'UPDATE_FAILED',
      'UPDATE_ROLLBACK_FAILED',
    ]);
    for (const status of stuck) expect(judgeStatus(status)).toMatchObject({ wayOut: expect.stringMatching(/again$/) });
  });

  it.each([
    [undefined, 'absent'],
    ['DELETE_COMPLETE', 'absent'],
    ['REVIEW_IN_PROGRESS', 'unfinished-review'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'busy'],
    ['UPDATE_ROLLBACK_COMPLETE', 'ready'],
    ['IMPORT_COMPLETE', 'ready'],
  ])('takes %s for %s', (status, kind) => {
    expect(judgeStatus(status).kind).toBe(kind);
  });
});

const event = (logicalId: string, status: string, reason?: string, ofStack = false): StackEventRecord => ({
  eventId: `${logicalId}-${status}`,
  logicalId,
  physicalId: undefined,
  type: 'AWS::SNS::Topic',
  status,
  reason,
  at: undefined,
  ofStack,
});

describe('finding the first cause', () => {
  it('skips what was only cancelled and what failed later in the rollback', () => {
    const cause = findFirstCause([
      event('stack', 'UPDATE_IN_PROGRESS', 'User Initiated', true),
      event('Bystander', 'CREATE_FAILED', 'Resource creation cancelled'),
      event('Updated', 'UPDATE_FAILED', 'Resource update cancelled'),
      event('Culprit', 'CREATE_FAILED', 'Subnet does not exist'),
      event('stack', 'UPDATE_ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to create: [Culprit].', true),
      event('Later', 'DELETE_FAILED', 'in use'),
    ]);
    expect(cause?.logicalId).toBe('Culprit');
  });

  it('blames the stack when no resource has a reason', () => {
    const cause = findFirstCause([
      event('stack', 'CREATE_IN_PROGRESS', 'User Initiated', true),
      event('stack', 'ROLLBACK_IN_PROGRESS', 'Output is not a string', true),
    ]);
    expect(cause).toMatchObject({ ofStack: true, reason: 'Output is not a string' });
    expect(findFirstCause([event('Topic', 'CREATE_COMPLETE')])).toBeUndefined();
  });

  it.each([
    [
      'User: arn:aws:iam::1:user/x is not authorized to perform: iam:PassRole on resource: y',
      /have iam:PassRole granted/,
    ],
    ['jenkins-logs already exists in stack arn:aws:…', /rename/],
    ['The maximum number of VPCs has been reached.', /quota/],
    [
      'Received 0 SUCCESS signal(s) out of 1.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement',
      /boot log/,
    ],
    ['resource sg-1 has a dependent object', /still uses it/],
  ])('adds a hint to %j', (reason, hint) => {
    expect(hintForReason(reason)).toMatch(hint);
  });
});

describe('comparing changes with the reviewed ones', () => {
  const change: ResourceChange = {
    logicalId: 'Volume',
    type: 'AWS::EC2::Volume',
    action: 'modify',
    replacement: 'conditional',
    effect: 'maybe-replaced',
    physicalId: 'vol-1',
    properties: ['Size', 'Tags'],
    replacingProperties: ['Size'],
  };

  it.each<[string, Partial<ResourceChange>]>([
    ['the same change', {}],
    ['fewer properties', { properties: ['Size'] }],
    ['an update in place instead of a possible replacement', { replacement: 'never', effect: 'updated-in-place' }],
  ])('lets %s pass', (_, difference) => {
    expect(findUnreviewedChanges([change], [{ ...change, ...difference }])).toEqual([]);
  });

  it.each<[string, Partial<ResourceChange>]>([
    ['another resource', { logicalId: 'Other' }],
    ['another action', { action: 'remove', effect: 'deleted' }],
    ['another property', { properties: ['Iops', 'Size', 'Tags'] }],
    ['a certain replacement instead of a possible one', { replacement: 'always', effect: 'replaced' }],
  ])('finds %s', (_, difference) => {
    expect(findUnreviewedChanges([change], [{ ...change, ...difference }])).toHaveLength(1);
  });

  it('finds a deletion where retaining was reviewed', () => {
    const retained: ResourceChange = { ...change, action: 'remove', replacement: 'never', effect: 'retained' };
    expect(findUnreviewedChanges([retained], [{ ...retained, effect: 'deleted' }])).toHaveLength(1);
  });
});

describe('refusing to replace what is protected', () => {
  const change: ResourceChange = {
    logicalId: 'Home',
    type: 'AWS::EFS::FileSystem',
    action: 'modify',
    replacement: 'always',
    effect: 'replaced',
    physicalId: 'fs-1',
    properties: ['Encrypted', 'Tags'],
    replacingProperties: ['Encrypted'],
  };
  const messagesOf = (difference: Partial<ResourceChange>, types = [change.type]) =>
    findRefusedChanges('data', [{ ...change, ...difference }], types).map(({ message }) => message);

  it.each<[ChangeEffect, Partial<ResourceChange>, RegExp]>([
    ['replaced', {}, /^Home \(AWS::EFS::FileSystem\) of stack 'data' would be replaced because of Encrypted$/],
    ['maybe-replaced', { replacingProperties: [] }, /might be replaced because of Encrypted, Tags$/],
    ['replaced-and-retained', {}, /left outside the stack because of Encrypted$/],
    ['replaced-and-snapshot', {}, /after a snapshot because of Encrypted$/],
    ['deleted', { action: 'remove', properties: [], replacingProperties: [] }, /would be deleted$/],
    ['retained', { action: 'remove', properties: [], replacingProperties: [] }, /left outside the stack$/],
    ['deleted-with-snapshot', { action: 'remove', properties: [], replacingProperties: [] }, /after a snapshot$/],
  ])('refuses %s', (effect, difference, message) => {
    expect(messagesOf({ effect, ...difference })).toEqual([expect.stringMatching(message)]);
  });

  it('lets pass what is new, what is updated in place and what has another type', () => {
    expect(messagesOf({ effect: 'created' })).toEqual([]);
    expect(messagesOf({ effect: 'updated-in-place' })).toEqual([]);
    expect(messagesOf({}, ['AWS::EFS::MountTarget'])).toEqual([]);
    expect(messagesOf({}, [])).toEqual([]);
  });
});
