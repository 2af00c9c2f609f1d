import { describe, expect, it } from 'vitest';
import type { DeploymentError, StackDefinition } from '../../src/index.js';
import { checkStacks } from '../../src/plan/check-stacks.js';
import { readTemplate } from '../../src/plan/read-template.js';

const TOPIC = { Type: 'AWS::SNS::Topic' };
const body = (template: object = {}) => JSON.stringify({ Resources: { Topic: TOPIC }, ...template });

function problemsOf(...stacks: StackDefinition[]) {
  try {
    checkStacks(stacks);
  } catch (error) {
    return (error as DeploymentError).problems;
  }
  return [];
}
const codesOf = (...stacks: StackDefinition[]) => problemsOf(...stacks).map(({ code }) => code);

describe('checking stacks before any call', () => {
  it('takes JSON and YAML', () => {
    expect(codesOf({ name: 'a', templateBody: body() }, { name: 'b', templateBody: 'Resources: {}' })).toEqual([]);
  });

  it('takes a template of 51,200 bytes and fails one byte more, counted in UTF-8', () => {
    const pad = (bytes: number) => {
      const empty = Buffer.byteLength(body({ Description: 'ä' }));
      return body({ Description: `ä${'x'.repeat(bytes - empty)}` });
    };
    expect(codesOf({ name: 'a', templateBody: pad(51_200) })).toEqual([]);
    const [problem] = problemsOf({ name: 'a', templateBody: pad(51_201) });
    expect(problem).toMatchObject({
      code: 'DEPLOYMENT_TEMPLATE_TOO_LARGE',
      message: expect.stringContaining('51201 bytes'),
      path: ['stacks', 0, 'templateBody'],
    });
  });

  it('fails more than 1,000,000 bytes whatever the bucket, and a large template in the stack that makes the bucket', () => {
    const sized = (name: string, bytes: number) => ({
      name,
      templateBody: body({ Description: 'x'.repeat(bytes - Buffer.byteLength(body({ Description: '' }))) }),
    });
    const artifacts = { bucket: { stackName: 'maker' } };
    const ordered = checkStacks(
      [sized('a', 1_000_000), sized('maker', 51_200), sized('small', 1_000)],
      [],
      artifacts,
    ).ordered;
    expect(ordered.map(({ name, dependsOn = [] }) => [name, ...dependsOn])).toEqual([
      ['maker'],
      ['a', 'maker'],
      ['small'],
    ]);
    const failing = [
      { stacks: [sized('a', 1_000_001)], artifacts, message: /takes 1000000: split/ },
      { stacks: [sized('maker', 51_201)], artifacts, message: /in this very stack/ },
      { stacks: [sized('a', 51_201)], artifacts: undefined, message: /name an artifacts bucket/ },
    ];
    for (const { stacks, artifacts: store, message } of failing) {
      expect(() => checkStacks(stacks, [], store)).toThrow(
        expect.objectContaining({ code: 'DEPLOYMENT_TEMPLATE_TOO_LARGE', message: expect.stringMatching(message) }),
      );
    }
  });

  it('fails more than 500 resources, and a stack policy that is no object', () => {
    const resources = (count: number) =>
      JSON.stringify({ Resources: Object.fromEntries(Array.from({ length: count }, (_, i) => [`T${i}`, TOPIC])) });
    expect(codesOf({ name: 'a', templateBody: resources(500) })).toEqual([]);
    expect(codesOf({ name: 'a', templateBody: resources(501) })).toEqual(['DEPLOYMENT_TEMPLATE_TOO_LARGE']);
    for (const stackPolicyBody of ['', '[]', '{']) {
      expect(codesOf({ name: 'a', templateBody: body(), stackPolicyBody })).toEqual(['DEPLOYMENT_POLICY_INVALID']);
    }
  });

  it.each([
    ['an empty template', ' \n'],
    ['broken JSON', '{ "Resources": '],
    ['a template without resources', '{ "Resources": {} }'],
    ['a JSON document that is no template', '{ "Resources": [] }'],
  ])('fails %s', (_, templateBody) => {
    expect(codesOf({ name: 'a', templateBody })).toEqual(['DEPLOYMENT_TEMPLATE_INVALID']);
  });

  it.each(['', '1a', 'a_b', 'ä', 'a'.repeat(129)])('fails the stack name %j', (name) => {
    expect(codesOf({ name, templateBody: body() })).toEqual(['DEPLOYMENT_STACK_NAME_INVALID']);
  });

  it('fails parameters that the template does not have and those that lack a value', () => {
    const templateBody = body({ Parameters: { Needed: { Type: 'String' }, Free: { Type: 'String', Default: '' } } });
    const problems = problemsOf({ name: 'a', templateBody, parameters: { Need: '1' } });
    expect(problems.map(({ code, path }) => [code, path.at(-1)])).toEqual([
      ['DEPLOYMENT_PARAMETER_UNKNOWN', 'Need'],
      ['DEPLOYMENT_PARAMETER_MISSING', 'Needed'],
    ]);
    expect(problems[0]?.message).toContain('it has Needed, Free');
    expect(codesOf({ name: 'a', templateBody, parameters: { Needed: '' } })).toEqual([]);
  });

  it('fails with the problems of all stacks together', () => {
    expect(() =>
      checkStacks([
        { name: 'a', templateBody: '' },
        { name: 'a', templateBody: body(), dependsOn: ['b'] },
      ]),
    ).toThrow(
      expect.objectContaining({ code: 'DEPLOYMENT_STACKS_INVALID', message: expect.stringMatching(/^3 problems/) }),
    );
  });
});

describe('reading a template', () => {
  it('tells resources, parameters and what is retained', () => {
    const Resources = {
      Topic: TOPIC,
      Home: { Type: 'AWS::EFS::FileSystem', DeletionPolicy: 'Retain' },
      Log: { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'RetainExceptOnCreate' },
      Disk: { Type: 'AWS::EC2::Volume', DeletionPolicy: 'Snapshot' },
    };
    const summary = readTemplate(JSON.stringify({ Resources, Parameters: { P: { Type: 'String' } } }));
    expect(summary?.resources.filter(({ retained }) => retained).map(({ logicalId }) => logicalId)).toEqual([
      'Home',
      'Log',
    ]);
    expect(summary?.resources[0]).toEqual({ logicalId: 'Topic', type: 'AWS::SNS::Topic', retained: false });
    expect(summary?.parameters).toEqual([{ name: 'P', type: 'String', defaultValue: undefined, hidden: false }]);
  });

  it('leaves YAML to CloudFormation', () => {
    expect(readTemplate('Resources:\n  Topic: !Ref X\n')).toBeUndefined();
  });
});
