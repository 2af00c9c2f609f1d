import { describe, expect, it } from 'vitest';
import type { ResourceChange } from '../../src/index.js';
import { tellInterruptions } from '../../src/plan/find-interruptions.js';
import { findUnreviewedChanges } from '../../src/plan/resource-change.js';

const change = (type: string, properties: string[], more: Partial<ResourceChange> = {}): ResourceChange => ({
  logicalId: 'It',
  type,
  action: 'modify',
  replacement: 'never',
  effect: 'updated-in-place',
  physicalId: 'it',
  properties,
  replacingProperties: [],
  ...more,
});
const effectOf = (subject: ResourceChange, resource: object = {}) =>
  tellInterruptions([subject], JSON.stringify({ Resources: { It: { Type: subject.type, ...resource } } }))[0]?.effect;

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const rolling = (more: object) => ({ UpdatePolicy: { AutoScalingRollingUpdate: more } });
const healthy = (MinimumHealthyPercent: number) => ({
  Properties: { DeploymentConfiguration: { MinimumHealthyPercent } },
});

describe('telling which updates in place interrupt', () => {
  it.each<[string, ResourceChange, object]>([
    ['an instance of another size', change('AWS::EC2::Instance', ['InstanceType', 'Tags']), {}],
    ['a database of another version', change('AWS::RDS::DBInstance', ['EngineVersion']), {}],
    ['a group that rolls with no minimum', change(GROUP, ['LaunchTemplate']), rolling({ MaxBatchSize: 1 })],
    ['a group that rolls down to none', change(GROUP, ['LaunchTemplate']), rolling({ MinInstancesInService: 0 })],
    ['a service that may stop all tasks', change('AWS::ECS::Service', ['TaskDefinition']), healthy(0)],
  ])('finds %s', (_, subject, resource) => {
    expect(effectOf(subject, resource)).toBe('updated-with-interruption');
  });

  it.each<[string, ResourceChange, object]>([
    ['other properties', change('AWS::EC2::Instance', ['Tags']), {}],
    ['other types', change('AWS::SNS::Topic', ['InstanceType']), {}],
    ['a group that keeps one', change(GROUP, ['LaunchTemplate']), rolling({ MinInstancesInService: 1 })],
    ['a group without an update policy', change(GROUP, ['LaunchTemplate']), {}],
    ['a group that only grows', change(GROUP, ['MaxSize']), rolling({})],
    ['a service that keeps half', change('AWS::ECS::Service', ['TaskDefinition']), healthy(50)],
    ['a service without a setting', change('AWS::ECS::Service', ['TaskDefinition']), {}],
  ])('leaves alone %s', (_, subject, resource) => {
    expect(effectOf(subject, resource)).toBe('updated-in-place');
  });

  it('leaves alone what is replaced anyway, and knows properties also with YAML', () => {
    expect(effectOf(change('AWS::EC2::Instance', ['InstanceType'], { effect: 'replaced' }))).toBe('replaced');
    const [told] = tellInterruptions([change('AWS::EC2::Instance', ['UserData'])], 'Resources: {}');
    expect(told?.effect).toBe('updated-with-interruption');
  });

  it('counts as more than an update in place and as less than a replacement', () => {
    const inPlace = change('AWS::EC2::Instance', ['UserData']);
    const interrupted = { ...inPlace, effect: 'updated-with-interruption' as const };
    const replaced = { ...inPlace, effect: 'replaced' as const };
    expect(findUnreviewedChanges([inPlace], [interrupted])).toHaveLength(1);
    expect(findUnreviewedChanges([interrupted], [inPlace])).toEqual([]);
    expect(findUnreviewedChanges([replaced], [interrupted])).toEqual([]);
    expect(findUnreviewedChanges([interrupted], [replaced])).toHaveLength(1);
  });
});
