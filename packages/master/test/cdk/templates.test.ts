import { describe, expect, it } from 'vitest';
import { controllerTemplate, homeTemplate } from '../../src/template.js';

type Properties = Record<string, unknown>;
type Resource = {
  Type: string;
  Properties: Properties;
  Condition?: string;
  DeletionPolicy?: string;
  Metadata?: unknown;
};
type Parameter = { Type: string; Default?: unknown; AllowedPattern?: string; ConstraintDescription?: string };
type Template = Readonly<Record<string, unknown>>;

const parametersOf = ({ Parameters }: Template) => Parameters as Record<string, Parameter>;
const outputsOf = ({ Outputs }: Template) => Object.keys(Outputs as object);
const all = ({ Resources }: Template, type: string) =>
  Object.values(Resources as Record<string, Resource>).filter((resource) => resource.Type === type);
const one = (template: Template, type: string) => all(template, type)[0] ?? expect.fail(`no ${type}`);
const variants = [
  ['its own home', controllerTemplate()],
  ['a home that is there', controllerTemplate({ home: 'take' })],
  ['plain HTTP', controllerTemplate({ listener: 'http' })],
] as const;

describe.each(variants)('the controller’s template with %s', (_, template) => {
  it('shows every parameter in one group, and says of each pattern what it wants', () => {
    const { ParameterGroups: groups } = (
      template.Metadata as Record<string, { ParameterGroups: { Parameters: string[] }[] }>
    )['AWS::CloudFormation::Interface'] as { ParameterGroups: { Parameters: string[] }[] };
    const shown = groups.flatMap(({ Parameters }) => Parameters);
    expect(shown.sort()).toEqual(Object.keys(parametersOf(template)).sort());
    for (const [name, { AllowedPattern, ConstraintDescription }] of Object.entries(parametersOf(template))) {
      if (AllowedPattern !== undefined) expect(ConstraintDescription, name).toMatch(/^must /);
    }
  });

  it('takes its own defaults', () => {
    for (const [name, { Default, AllowedPattern }] of Object.entries(parametersOf(template))) {
      if (Default !== undefined && AllowedPattern !== undefined) {
        expect(String(Default), name).toMatch(new RegExp(AllowedPattern));
      }
    }
  });

  it('bounds the role and lays it where the team wants it, also its instance profile', () => {
    expect(one(template, 'AWS::IAM::Role').Properties).toMatchObject({
      Path: { Ref: 'RolePath' },
      PermissionsBoundary: {
        'Fn::If': ['PermissionsBoundaryArnGiven', { Ref: 'PermissionsBoundaryArn' }, { Ref: 'AWS::NoValue' }],
      },
    });
    expect(one(template, 'AWS::IAM::InstanceProfile').Properties).toMatchObject({ Path: { Ref: 'RolePath' } });
  });

  it('starts a controller only in zones in which the home has a mount target', () => {
    const { VPCZoneIdentifier } = one(template, 'AWS::AutoScaling::AutoScalingGroup').Properties;
    const subnet = (zone: number) => ({ 'Fn::Select': [zone, { Ref: 'PrivateSubnetIds' }] });
    expect(VPCZoneIdentifier).toEqual({
      'Fn::If': ['ThreeZones', [subnet(0), subnet(1), subnet(2)], [subnet(0), subnet(1)]],
    });
    const targets = all(template, 'AWS::EFS::MountTarget');
    expect(targets.map(({ Properties: { SubnetId }, Condition }) => [SubnetId, Condition])).toEqual(
      targets.length === 0
        ? []
        : [
            [subnet(0), undefined],
            [subnet(1), undefined],
            [subnet(2), 'ThreeZones'],
          ],
    );
  });
});

describe('the ranges that may reach Jenkins', () => {
  const { AllowedCidr, AllowedCidr2 } = parametersOf(controllerTemplate());
  const takes = (range: string) => new RegExp(AllowedCidr?.AllowedPattern ?? '').test(range);

  it.each(['10.0.0.0/8', '203.0.113.0/24', '198.51.100.7/32', '255.255.255.255/32'])('are such as %s', (range) => {
    expect(takes(range)).toBe(true);
  });

  it.each(['0.0.0.0/0', '128.0.0.0/1', '10.0.0.0/7', '10.0.0.0', '10.0.0.256/24', '10.0.0.0/33', '::/0', ''])(
    'fail for %s',
    (range) => expect(takes(range)).toBe(false),
  );

  it('may be more than one, by rules that are there only when they are given', () => {
    expect(AllowedCidr2?.Default).toBe('');
    const rules = all(controllerTemplate(), 'AWS::EC2::SecurityGroupIngress').filter(({ Condition }) => Condition);
    expect(rules.map(({ Condition, Properties: { ToPort } }) => `${Condition} ${ToPort}`).sort()).toEqual([
      'AllowedCidr2Given 443',
      'AllowedCidr2Given 80',
      'AllowedCidr3Given 443',
      'AllowedCidr3Given 80',
      'AllowedPrefixListIdGiven 443',
      'AllowedPrefixListIdGiven 80',
    ]);
  });
});

describe('plain HTTP', () => {
  const template = controllerTemplate({ listener: 'http' });

  it('is internal whatever is asked for, and carries its reason', () => {
    expect(one(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties.Scheme).toBe('internal');
    expect(Object.keys(parametersOf(template))).not.toEqual(expect.arrayContaining(['Scheme']));
    expect(parametersOf(template).PlainHttpReason).toMatchObject({ MinLength: 10 });
    expect(parametersOf(template).PlainHttpReason).not.toHaveProperty('Default');
    expect(outputsOf(template)).toContain('ReasonWithoutTls');
  });

  it('is nowhere in the other templates', () => {
    for (const other of [controllerTemplate(), controllerTemplate({ home: 'take' })]) {
      expect(JSON.stringify(other)).not.toContain('PlainHttpReason');
      const listeners = all(other, 'AWS::ElasticLoadBalancingV2::Listener').map(({ Properties }) => Properties);
      expect(JSON.stringify(listeners.find(({ Port }) => Port === 80))).toContain('HTTP_301');
      expect(listeners.find(({ Port }) => Port === 443)).toMatchObject({
        Certificates: [{ CertificateArn: { Ref: 'CertificateArn' } }],
      });
    }
  });
});

describe('a home', () => {
  it('stays with its logs when its stack goes, in either template that makes one', () => {
    for (const template of [homeTemplate(), controllerTemplate()]) {
      for (const type of ['AWS::EFS::FileSystem', 'AWS::EFS::AccessPoint']) {
        expect(one(template, type).DeletionPolicy).toBe('RetainExceptOnCreate');
      }
      // Also when the first creation is rolled back: it tells why.
      expect(one(template, 'AWS::Logs::LogGroup').DeletionPolicy).toBe('Retain');
    }
  });

  it('is handed on under the names that the controller takes it by', () => {
    const taken = Object.keys(parametersOf(controllerTemplate({ home: 'take' })));
    expect(taken).toEqual(expect.arrayContaining(outputsOf(homeTemplate())));
  });

  it('has its mount targets before the first instance', () => {
    const { Metadata } = one(controllerTemplate(), 'AWS::AutoScaling::AutoScalingGroup');
    expect(JSON.stringify(Metadata).match(/HomeEfsMountTarget\d/g)).toHaveLength(3);
  });
});
