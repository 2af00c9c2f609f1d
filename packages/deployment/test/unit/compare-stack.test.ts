import { describe, expect, it } from 'vitest';
import { hasTags } from '../../src/plan/choose-tags.js';
import { type ComparedStack, hasParameters, isSameTemplate } from '../../src/plan/compare-stack.js';

const template = (Parameters: object, more: object = {}) =>
  JSON.stringify({ Parameters, Resources: { Topic: { Type: 'AWS::SNS::Topic', ...more } } });
const text = (value: string, resolvedValue?: string) => ({ value, resolvedValue });
const stackWith = (parameters: ComparedStack['parameters'], status = 'UPDATE_COMPLETE') => ({ status, parameters });
const compare = (
  definition: { templateBody: string; parameters?: Record<string, string> },
  stack: ComparedStack,
  resolved: Record<string, string> = {},
) => hasParameters(definition, stack, new Map(Object.entries(resolved)));

describe('comparing a stack without CloudFormation', () => {
  const Size = { Size: { Type: 'Number', Default: 3 } };
  const Subnet = { Subnet: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/subnet' } };

  it.each<[string, Parameters<typeof compare>]>([
    ['no parameters', [{ templateBody: template({}) }, stackWith({})]],
    ['a default', [{ templateBody: template(Size) }, stackWith({ Size: text('3') })]],
    ['a given value', [{ templateBody: template(Size), parameters: { Size: '4' } }, stackWith({ Size: text('4') })]],
    [
      'an SSM value that is what it was',
      [{ templateBody: template(Subnet) }, stackWith({ Subnet: text('/subnet', 's-1') }), { '/subnet': 's-1' }],
    ],
    [
      'a dynamic reference, which is looked up when its property changes,',
      [{ templateBody: template({}, { Properties: { DisplayName: '{{resolve:ssm:/x}}' } }) }, stackWith({})],
    ],
    [
      'YAML with all values given',
      [{ templateBody: 'Resources: {}', parameters: { Size: '4' } }, stackWith({ Size: text('4') })],
    ],
  ])('finds %s the same', (_, given) => {
    expect(compare(...given)).toBe(true);
  });

  it.each<[string, Parameters<typeof compare>]>([
    ['another value', [{ templateBody: template(Size), parameters: { Size: '4' } }, stackWith({ Size: text('3') })]],
    ['a value that is back to its default', [{ templateBody: template(Size) }, stackWith({ Size: text('4') })]],
    ['a new parameter', [{ templateBody: template(Size) }, stackWith({})]],
    ['a parameter that is gone', [{ templateBody: template({}) }, stackWith({ Size: text('3') })]],
    [
      'a hidden value',
      [{ templateBody: template(Size), parameters: { Size: '****' } }, stackWith({ Size: text('****') })],
    ],
    [
      'an SSM value that moved',
      [{ templateBody: template(Subnet) }, stackWith({ Subnet: text('/subnet', 's-1') }), { '/subnet': 's-2' }],
    ],
    [
      'an SSM value that nobody could look up',
      [{ templateBody: template(Subnet) }, stackWith({ Subnet: text('/subnet', 's-1') })],
    ],
    ['YAML with a default', [{ templateBody: 'Resources: {}' }, stackWith({ Size: text('4') })]],
    ['a stack that was rolled back', [{ templateBody: template({}) }, stackWith({}, 'UPDATE_ROLLBACK_COMPLETE')]],
    [
      'characters that GetTemplate does not tell',
      [{ templateBody: template({}, { Description: '\u2019' }) }, stackWith({})],
    ],
    ['a module', [{ templateBody: template({}, { Type: 'Ours::Net::Work::MODULE' }) }, stackWith({})]],
    ['a macro', [{ templateBody: template({}, { 'Fn::Transform': { Name: 'AWS::Include' } }) }, stackWith({})]],
    ['a transform in YAML', [{ templateBody: 'Transform: AWS::Serverless-2016-10-31\nResources: {}' }, stackWith({})]],
    ['a nested stack', [{ templateBody: template({}, { Type: 'AWS::CloudFormation::Stack' }) }, stackWith({})]],
  ])('leaves %s to CloudFormation', (_, given) => {
    expect(compare(...given)).toBe(false);
  });

  it('takes white space and order for nothing, in JSON', () => {
    expect(isSameTemplate('{"a": 1, "b": [1, 2]}', '{"b":[1,2],"a":1}')).toBe(true);
    expect(isSameTemplate('{"b":[2,1]}', '{"b":[1,2]}')).toBe(false);
    expect(isSameTemplate('a: 1', 'a:  1')).toBe(false);
    expect(isSameTemplate('a: 1', 'a: 1')).toBe(true);
  });

  it('compares all tags but those of AWS', () => {
    const existing = { team: 'blue', 'aws:cloudformation:x': 'y' };
    expect(hasTags(existing, undefined)).toBe(true);
    expect(hasTags(existing, { team: 'blue' })).toBe(true);
    expect(hasTags(existing, {})).toBe(false);
    expect(hasTags(existing, { team: 'blue', more: '1' })).toBe(false);
  });
});
