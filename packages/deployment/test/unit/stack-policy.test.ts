import { describe, expect, it } from 'vitest';
import { isLeftOpen, openStackPolicy } from '../../src/plan/open-stack-policy.js';

const ALLOW_ALL = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' };
const OPENED = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: ['LogicalResourceId/Home'] };
const deny = (more: object) => ({
  Effect: 'Deny',
  Action: ['Update:Replace', 'Update:Delete'],
  Principal: '*',
  ...more,
});
const ByType = { Condition: { StringEquals: { ResourceType: ['AWS::EFS::FileSystem'] } } };
const open = (...Statement: object[]) => JSON.parse(openStackPolicy(JSON.stringify({ Statement }), ['Home'])).Statement;

describe('opening a stack policy for one resource', () => {
  it.each<[string, object, object[]]>([
    ['of all', deny({ Resource: '*', ...ByType }), [deny({ NotResource: ['LogicalResourceId/Home'], ...ByType })]],
    [
      'of all but some',
      deny({ NotResource: ['LogicalResourceId/Log'] }),
      [deny({ NotResource: ['LogicalResourceId/Log', 'LogicalResourceId/Home'] })],
    ],
    ['by name', deny({ Resource: 'LogicalResourceId/Home' }), []],
    [
      'by name with others',
      deny({ Resource: ['LogicalResourceId/Home', 'LogicalResourceId/Disk'] }),
      [deny({ Resource: ['LogicalResourceId/Disk'] })],
    ],
    [
      'by a pattern',
      deny({ Resource: ['LogicalResourceId/Ho?e*', 'LogicalResourceId/H.*'] }),
      [deny({ Resource: ['LogicalResourceId/H.*'] })],
    ],
    [
      'of others',
      deny({ Resource: 'LogicalResourceId/HomeAlarm' }),
      [deny({ Resource: ['LogicalResourceId/HomeAlarm'] })],
    ],
  ])('takes it out of a refusal %s and leaves the others refused', (_, refusal, left) => {
    expect(open(ALLOW_ALL, refusal)).toEqual([ALLOW_ALL, ...left, OPENED]);
  });

  it('allows it where nothing is allowed', () => {
    expect(open()).toEqual([OPENED]);
  });

  it('is known again as left open, and nothing else is', () => {
    const policy = JSON.stringify({ Statement: [ALLOW_ALL, deny({ Resource: '*' })] });
    expect(isLeftOpen(openStackPolicy(policy, ['Home', 'Disk']), policy)).toBe(true);
    for (const other of [
      policy,
      '',
      '{}',
      JSON.stringify({ Statement: [ALLOW_ALL] }),
      openStackPolicy('{}', ['Home']),
    ]) {
      expect(isLeftOpen(other, policy), other).toBe(false);
    }
  });
});
