import { describe, expect, it } from 'vitest';
import { compareTemplates } from '../../src/plan/compare-templates.js';
import { templateOf } from '../support/templates.js';

const topic = (properties: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
  Type: 'AWS::SNS::Topic',
  Properties: properties,
  ...more,
});
const compare = (before: Parameters<typeof templateOf>, after: Parameters<typeof templateOf>) =>
  compareTemplates(templateOf(...before), templateOf(...after));
const brief = (changes: ReturnType<typeof compare>) =>
  changes?.map(({ action, logicalId, effect, properties }) => [action, logicalId, effect, properties.join()]);

describe('comparing templates', () => {
  it('finds what is added, removed and modified, and the names of the properties that differ', () => {
    const changes = compare(
      [{ Kept: topic({ A: 1, B: { x: 1, y: 2 } }), Changed: topic({ A: 1, B: 2, C: 3 }), Gone: topic() }],
      [{ New: topic(), Changed: topic({ A: 1, B: 3, D: 4 }), Kept: topic({ B: { y: 2, x: 1 }, A: 1 }) }],
    );
    expect(brief(changes)).toEqual([
      ['add', 'New', 'created', ''],
      ['modify', 'Changed', 'maybe-replaced', 'B,C,D'],
      ['remove', 'Gone', 'deleted', ''],
    ]);
    expect(changes?.[1]).toEqual({
      logicalId: 'Changed',
      type: 'AWS::SNS::Topic',
      action: 'modify',
      replacement: 'conditional',
      effect: 'maybe-replaced',
      physicalId: undefined,
      properties: ['B', 'C', 'D'],
      replacingProperties: [],
    });
  });

  it.each([
    ['Retain', 'retained'],
    ['RetainExceptOnCreate', 'retained'],
    ['Snapshot', 'deleted-with-snapshot'],
    ['Delete', 'deleted'],
  ])('reads what becomes of a removed resource with the policy %s', (DeletionPolicy, effect) => {
    const changes = compare([{ Gone: topic({}, { DeletionPolicy }), Kept: topic() }], [{ Kept: topic() }]);
    expect(brief(changes)).toEqual([['remove', 'Gone', effect, '']]);
  });

  it.each([
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'Subnets', 'updated-in-place'],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'Scheme', 'maybe-replaced'],
    ['AWS::AutoScaling::AutoScalingGroup', 'VPCZoneIdentifier', 'updated-with-interruption'],
    ['AWS::AutoScaling::AutoScalingGroup', 'AutoScalingGroupName', 'maybe-replaced'],
    ['AWS::CloudWatch::Alarm', 'Threshold', 'updated-in-place'],
    ['AWS::CloudWatch::Alarm', 'Unheard', 'maybe-replaced'],
    ['AWS::SNS::Topic', 'DisplayName', 'maybe-replaced'],
  ])('tells what is known to become of %s when its %s changes', (Type, property, effect) => {
    const before = { Type, Properties: { [property]: 1 } };
    const changes = compare([{ Thing: before }], [{ Thing: { Type, Properties: { [property]: 2 } } }]);
    expect(brief(changes)).toEqual([['modify', 'Thing', effect, property]]);
  });

  it('knows that an attribute replaces nothing', () => {
    const changes = compare([{ Topic: topic() }], [{ Topic: topic({}, { DeletionPolicy: 'Retain' }) }]);
    expect(brief(changes)).toEqual([['modify', 'Topic', 'updated-in-place', 'DeletionPolicy']]);
  });

  it.each([
    ['Ref', { Ref: 'Source' }],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Source', 'Arn'] }],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Source.Arn' }],
    ['Fn::Sub', { 'Fn::Sub': 'to ${Source.Arn}' }],
    ['Fn::Sub with a map', { 'Fn::Sub': ['to ${X}', { X: { Ref: 'Source' } }] }],
    ['something deep', { 'Fn::Join': ['', ['a', { list: [{ Ref: 'Source' }] }]] }],
  ])('follows a reference by %s, through others', (_, reference) => {
    const rest = {
      Near: topic({ Same: 1, Reads: reference }),
      Far: topic({ Reads: { Ref: 'Near' } }),
      Aside: topic({ Literal: 'Source', Escaped: { 'Fn::Sub': '${!Source} ${SourceOther}' } }),
    };
    const changes = compare([{ Source: topic({ A: 1 }), ...rest }], [{ Source: topic({ A: 2 }), ...rest }]);
    expect(brief(changes)).toEqual([
      ['modify', 'Source', 'maybe-replaced', 'A'],
      ['modify', 'Near', 'maybe-replaced', 'Reads'],
      ['modify', 'Far', 'maybe-replaced', 'Reads'],
    ]);
  });

  it.each([
    ['a parameter', 'Parameters', { Ref: 'Input' }],
    ['a mapping', 'Mappings', { 'Fn::FindInMap': ['Input', 'a', 'b'] }],
    ['a condition', 'Conditions', { 'Fn::If': ['Input', 'a', 'b'] }],
  ])('follows a reference to %s that differs', (_, section, reference) => {
    const resources = { Topic: topic({ Reads: reference, Same: 1 }) };
    const changes = compare(
      [resources, { [section]: { Input: { a: 1 } } }],
      [resources, { [section]: { Input: { a: 2 } } }],
    );
    expect(brief(changes)).toEqual([['modify', 'Topic', 'maybe-replaced', 'Reads']]);
  });

  it('follows the condition of a resource to the parameter that it reads', () => {
    const resources = { Topic: topic({}, { Condition: 'Wanted' }) };
    const withDefault = (Default: string) => ({
      Parameters: { Answer: { Type: 'String', Default } },
      Conditions: { Wanted: { 'Fn::Equals': [{ Ref: 'Answer' }, 'yes'] } },
    });
    const changes = compare([resources, withDefault('yes')], [resources, withDefault('no')]);
    expect(brief(changes)).toEqual([['modify', 'Topic', 'updated-in-place', 'Condition']]);
  });

  it('leaves YAML to CloudFormation', () => {
    expect(compareTemplates('Resources: {}', templateOf({ Topic: topic() }))).toBeUndefined();
    expect(compareTemplates(templateOf({ Topic: topic() }), 'Resources: {}')).toBeUndefined();
  });

  it('sees no change in a character that GetTemplate answers by a question mark', () => {
    const named = (DisplayName: string) =>
      JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName } } } });
    expect(compareTemplates(named('Ana?s'), named('Ana\u2019s'))).toEqual([]);
    expect(compareTemplates(named('Ana???s?'), named('Ana\u{1F600}s?'))).toEqual([]);
    expect(compareTemplates(named('Ana?s'), named('Ben\u2019s'))).toHaveLength(1);
  });
});
