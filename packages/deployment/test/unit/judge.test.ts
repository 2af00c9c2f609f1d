import { StackStatus } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { findLeftBehind } from '../../src/internal/find-left-behind.js';
import { findFirstCause, findInstanceId, type StackEventRecord } from '../../src/internal/first-cause.js';
import { hintForReason } from '../../src/internal/hint-for-reason.js';
import { judgeStatus } from '../../src/internal/judge-status.js';
import { findRefusedChanges } from '../../src/plan/find-refused-changes.js';
import {
  type ChangeEffect,
  findUnannouncedChanges,
  findUnreviewedChanges,
  type ResourceChange,
} from '../../src/plan/resource-change.js';

describe('judging a stack status', () => {
  it('knows every status that the SDK knows, and a way out of each that takes no update', () => {
    const stuck = Object.values(StackStatus).filter((status) => judgeStatus(status).kind === 'stuck');
    expect(stuck.sort()).toEqual([
      'CREATE_FAILED',
      'DELETE_FAILED',
      'IMPORT_ROLLBACK_FAILED',
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
    ['ROLLBACK_COMPLETE', 'leftover'],
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
      /have iam:PassRole on y granted/,
    ],
    ['jenkins-logs already exists in stack arn:aws:…', /rename/],
    ['The maximum number of VPCs has been reached.', /quota/],
    [
      'Received 0 SUCCESS signal(s) out of 1.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement',
      /boot log/,
    ],
    ['Failed to receive 1 resource signal(s) within the specified duration', /boot log/],
    ['resource sg-1 has a dependent object', /still uses it/],
  ])('adds a hint to %j', (reason, hint) => {
    expect(hintForReason(reason)).toMatch(hint);
  });
});

describe('finding the instance to blame', () => {
  const failed = (reason: string, more: Partial<StackEventRecord> = {}): StackEventRecord => ({
    ...event('Group', 'CREATE_FAILED', reason),
    ...more,
  });
  const counted = failed(
    'Received 1 FAILURE signal(s) out of 2.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement',
  );
  const signal = (id: string, kind = 'FAILURE', logicalId = 'Group') =>
    event(logicalId, 'CREATE_IN_PROGRESS', `Received ${kind} signal with UniqueId ${id}`);

  it('takes the first that signalled failure to this resource', () => {
    const events = [
      event('Group', 'UPDATE_IN_PROGRESS', 'Terminating instance(s) [i-00000000000000001]; replacing with 1 new.'),
      signal('i-00000000000000002', 'SUCCESS'),
      signal('i-00000000000000003', 'FAILURE', 'OtherGroup'),
      signal('i-0123456789abcdef0'),
      counted,
      signal('i-00000000000000004'),
    ];
    expect(findInstanceId(events, counted)).toBe('i-0123456789abcdef0');
  });

  it('takes the one that the reason names, or the resource when it is an instance', () => {
    const named = failed('Instance i-0123456789abcdef0 failed to stabilize.');
    expect(findInstanceId([signal('i-00000000000000004'), named], named)).toBe('i-0123456789abcdef0');
    const silent = 'Failed to receive 1 resource signal(s) within the specified duration';
    const instance = failed(silent, { type: 'AWS::EC2::Instance', physicalId: 'i-01234567' });
    expect(findInstanceId([instance], instance)).toBe('i-01234567');
  });

  it.each([
    ['nobody signalled', [counted]],
    ['the sender is no instance', [signal('controller-i-am'), counted]],
    ['only success was signalled', [signal('i-00000000000000002', 'SUCCESS'), counted]],
  ])('finds none when %s', (_, events) => {
    expect(findInstanceId(events, counted)).toBeUndefined();
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

  it('lets any effect and property pass where the templates announced the change, and nothing else', () => {
    const guess: ResourceChange = { ...change, physicalId: undefined, properties: ['Size'], replacingProperties: [] };
    const actual: ResourceChange = { ...change, replacement: 'always', effect: 'replaced', properties: ['Iops'] };
    expect(findUnannouncedChanges([guess], [actual])).toEqual([]);
    for (const difference of [{ logicalId: 'Other' }, { action: 'remove' as const }, { type: 'AWS::X::Y' }]) {
      expect(findUnannouncedChanges([guess], [{ ...actual, ...difference }])).toHaveLength(1);
    }
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
    findRefusedChanges('data', [{ ...change, ...difference }], { protectedTypes: types, allowReplacement: [] }).map(
      ({ message }) => message,
    );

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

describe('what an update left behind', () => {
  const of = (physicalId: string, status: string) => ({ ...event('Zone', status, 'in\nuse'), physicalId });
  const failed = of('old', 'DELETE_FAILED');
  const left = [{ logicalId: 'Zone', type: 'AWS::SNS::Topic', physicalId: 'old', reason: 'in use' }];

  it.each([
    ['a deletion that failed thrice', 'UPDATE_COMPLETE', [of('new', 'UPDATE_COMPLETE'), failed, failed, failed], left],
    ['a deletion that failed after a rollback', 'UPDATE_ROLLBACK_COMPLETE', [failed], left],
    ['a deletion that went well at last', 'UPDATE_COMPLETE', [failed, of('old', 'DELETE_COMPLETE')], []],
    ['a stack that still knows the resource', 'DELETE_FAILED', [failed], []],
  ])('is told from the events: %s', (_what, status, events, expected) => {
    expect(findLeftBehind(status, events)).toEqual(expected);
  });
});
