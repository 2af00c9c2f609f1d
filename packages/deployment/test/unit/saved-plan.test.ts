import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeploymentReview, StackDefinition } from '../../src/index.js';
import { compareContent, compareDefinitions, compareInputs, compareSubject } from '../../src/plan/compare-saved.js';
import { describeDefinition } from '../../src/plan/saved-plan.js';
import { parseSavedPlan, saveOfflinePlan, savePlan } from '../../src/saved-plan.js';

const Topic = { Type: 'AWS::SNS::Topic' };
const templateBody = JSON.stringify({
  Parameters: { Size: { Type: 'Number', Default: 1 }, Secret: { Type: 'String', NoEcho: true } },
  Resources: { Topic, Other: Topic },
});
const stack: StackDefinition = {
  name: 'a',
  templateBody,
  parameters: { Size: '2', Secret: 'hunter2' },
  tags: { team: 'blue' },
};
const review: DeploymentReview = {
  stacks: [
    {
      definition: stack,
      action: 'update',
      basis: 'change-set',
      changes: [],
      changeSetId: 'cs',
      leftover: undefined,
      stackId: 'id',
      state: { status: 'CREATE_COMPLETE', updatedAt: undefined, terminationProtection: false, roleArn: undefined },
      outputs: {},
      terminationProtection: undefined,
      stackPolicyBody: undefined,
    },
  ],
  removals: [],
  ownershipTag: undefined,
  protectedTypes: [],
  allowReplacement: [],
};
const subject = { region: 'eu-central-1', createdAt: new Date(0), facts: { lock: 'abc' } };
const plan = savePlan({ review, account: '123456789012', ...subject });
const text = JSON.stringify(plan, null, 2);

describe('saving a plan', () => {
  it('can be read again as it was, with the change set and without the template and hidden values', () => {
    expect(parseSavedPlan(text)).toEqual(plan);
    expect(plan.stacks[0]).toMatchObject({ name: 'a', review: { changeSetId: 'cs' }, parameters: { Size: '2' } });
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('AWS::SNS::Topic');
  });

  it('says that it is offline where no account was asked', () => {
    const offline = parseSavedPlan(JSON.stringify(saveOfflinePlan({ stacks: [stack], ...subject })));
    expect(offline).toMatchObject({ basis: 'offline', stacks: [{ name: 'a' }] });
    expect(offline.account).toBeUndefined();
    expect(offline.stacks[0]?.review).toBeUndefined();
  });

  it('fails offline on stacks that no account would take', () => {
    expect(() => saveOfflinePlan({ stacks: [{ ...stack, name: '-' }], ...subject })).toThrow(
      expect.objectContaining({ code: 'DEPLOYMENT_STACK_NAME_INVALID' }),
    );
  });

  it('keeps its digest whatever the white space and the order of keys', () => {
    const { digest, ...rest } = plan;
    const turned = Object.fromEntries(Object.entries({ ...rest, digest }).reverse());
    expect(parseSavedPlan(JSON.stringify(turned))).toEqual(plan);
  });

  it('fails on any character that somebody changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), fc.constantFrom('0', 'x', ' ', '"', '}'), (at, by) => {
        const changed = text.slice(0, at) + by + text.slice(at + 1);
        let isOther = true;
        try {
          isOther = JSON.stringify(JSON.parse(changed)) !== JSON.stringify(plan);
        } catch {}
        fc.pre(isOther);
        expect(() => parseSavedPlan(changed)).toThrow(expect.objectContaining({ code: 'DEPLOYMENT_PLAN_INVALID' }));
      }),
    );
  });

  it.each([
    ['no JSON', 'nonsense', /not JSON/],
    ['another file', '{"a":1}', /no plan/],
    ['null', 'null', /no plan/],
    ['another version', JSON.stringify({ ...plan, formatVersion: 2 }), /format version 2/],
  ])('fails on %s', (_, content, message) => {
    expect(() => parseSavedPlan(content)).toThrow(
      expect.objectContaining({ code: 'DEPLOYMENT_PLAN_INVALID', message: expect.stringMatching(message) }),
    );
  });
});

describe('comparing with a saved plan', () => {
  const differences = (now: Partial<StackDefinition>) =>
    compareDefinitions(plan.stacks, [describeDefinition({ ...stack, ...now })]).map(({ message }) => message);
  const template = (change: object) => JSON.stringify({ ...JSON.parse(templateBody), ...change });

  it('finds nothing where nothing moved, also of a hidden value', () => {
    expect(differences({})).toEqual([]);
    expect(differences({ parameters: { Size: '2', Secret: 'other' } })).toEqual([]);
  });

  it.each<[string, Partial<StackDefinition>, string]>([
    [
      'resources',
      { templateBody: template({ Resources: { Topic: { ...Topic, DependsOn: 'New' }, New: Topic } }) },
      'has another template: Resources.New is new, Resources.Other is gone, Resources.Topic differs',
    ],
    [
      'outputs',
      { templateBody: template({ Outputs: { A: { Value: 'a' } } }) },
      'has another template: Outputs.A is new',
    ],
    [
      'white space',
      { templateBody: `${templateBody}\n` },
      'has another template: its text differs, and no part that can be named',
    ],
    [
      'parameters',
      { parameters: { Size: '3', Zone: 'a', Secret: 'x' } },
      "has other parameters: Size was '2' and is '3' now, Zone is new: 'a'",
    ],
    ['tags', { tags: {} }, "has other tags: team is gone, was 'blue'"],
    [
      'protection',
      { terminationProtection: true },
      "has another termination protection: was 'undefined' and is 'true' now",
    ],
    ['the policy', { stackPolicyBody: '{}' }, 'has another stack policy'],
    ['dependencies', { dependsOn: ['b'] }, 'depends on b now, on nothing before'],
  ])('names other %s', (_, now, message) => {
    expect(differences(now)).toEqual([message]);
  });

  it('names stacks that are new or gone', () => {
    expect(compareDefinitions(plan.stacks, [describeDefinition({ ...stack, name: 'b' })])).toEqual([
      { stackName: 'b', message: 'is in the deployment now' },
      { stackName: 'a', message: 'is not in the deployment any more' },
    ]);
  });

  it('names account, region, facts and removals that moved', () => {
    const now = { account: '2', region: 'eu-west-1', facts: { lock: 'abd', config: '1' }, remove: ['old'] };
    expect(compareSubject(plan, now).map(({ stackName, message }) => [stackName, message])).toEqual([
      [undefined, "the account was '123456789012' and is '2' now"],
      [undefined, "the region was 'eu-central-1' and is 'eu-west-1' now"],
      [undefined, "config is new: '1'"],
      [undefined, "lock was 'abc' and is 'abd' now"],
      ['old', 'is to be removed now'],
    ]);
    const same = { account: '123456789012', region: 'eu-central-1', facts: { lock: 'abc' }, remove: [] };
    expect(compareSubject(plan, same)).toEqual([]);
  });

  it('names values of SSM that are others or gone, and the role', () => {
    expect(
      compareInputs({ '/a': '1', '/b': '2', '/c': '3' }, new Map(Object.entries({ '/a': '1', '/b': '4' }))),
    ).toEqual(["reads /b from ssm, which was '2' and is '4' now", "reads /c from ssm, which is gone, was '3'"]);
    const now = {
      account: '123456789012',
      region: 'eu-central-1',
      facts: { lock: 'abc' },
      remove: [],
      roleArn: 'role',
    };
    expect(compareSubject(plan, now).map(({ message }) => message)).toEqual([
      "the role of cloudformation is new: 'role'",
    ]);
  });

  it('compares no hidden value of a change set and no default that it does not tell', () => {
    const told = { templateBody, parameters: { Size: '2', Secret: '****' }, tags: { team: 'blue' } };
    expect(compareContent(stack, { team: 'blue' }, told)).toEqual([]);
    expect(compareContent(stack, undefined, { ...told, parameters: {}, tags: {} })).toEqual([
      "has a change set with other parameters: Size is gone, was '2'",
    ]);
  });

  it('holds the artifacts that a definition names', () => {
    const key = `artifacts/sha256/${'a'.repeat(64)}.zip`;
    expect(describeDefinition({ ...stack, parameters: { Code: `s3://b/${key}` } }).artifactKeys).toEqual([key]);
  });
});
