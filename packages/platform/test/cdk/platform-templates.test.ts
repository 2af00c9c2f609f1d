import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { describePlan } from '../../src/plan/describe-plan.js';
import { PROTECTED_RESOURCE_TYPES } from '../../src/plan/stack-protection.js';
import { platformTemplates } from '../../src/template.js';
import { configOf, domainMaster, resourcesOf } from './support.js';

const two = { main: domainMaster('ci.example.com'), mobile: domainMaster('mobile.example.com') };

describe('platformTemplates', () => {
  it('makes the stacks in the order in which they are deployed, each naming what it reads from', () => {
    expect(platformTemplates(configOf({ masters: two })).map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
      ['jenkins-ci-artifacts', []],
      ['jenkins-ci-network', []],
      ['jenkins-ci-main-data', ['jenkins-ci-network']],
      ['jenkins-ci-main-controller', ['jenkins-ci-network', 'jenkins-ci-main-data']],
      ['jenkins-ci-mobile-data', ['jenkins-ci-network']],
      ['jenkins-ci-mobile-controller', ['jenkins-ci-network', 'jenkins-ci-mobile-data']],
    ]);
  });

  it('protects what holds data or addresses from termination, replacement and deletion, and a controller from nothing', () => {
    for (const { name, terminationProtection, stackPolicyBody, template } of platformTemplates(configOf())) {
      const types = Object.values(resourcesOf(template)).map(({ Type }) => Type);
      const holds = types.some((type) => PROTECTED_RESOURCE_TYPES.includes(type));
      expect([name, terminationProtection ?? false]).toEqual([name, holds]);
      if (!holds) expect(stackPolicyBody).toBeUndefined();
      else {
        expect(JSON.parse(stackPolicyBody ?? '{}').Statement).toContainEqual({
          Effect: 'Deny',
          Principal: '*',
          Action: ['Update:Replace', 'Update:Delete'],
          Resource: '*',
          Condition: { StringEquals: { ResourceType: PROTECTED_RESOURCE_TYPES } },
        });
      }
    }
  });

  it('has ASCII alone in every template, as do the shipped ones, because CloudFormation tells nothing else', () => {
    const folder = join(import.meta.dirname, '..', '..', '..');
    const shipped = readdirSync(folder).flatMap((name) => {
      const templates = join(folder, name, 'templates');
      return existsSync(templates) ? readdirSync(templates).map((file) => join(templates, file)) : [];
    });
    expect(shipped.length).toBeGreaterThan(5);
    const texts = [
      ...platformTemplates(configOf({ masters: two })).map(({ name, templateBody }) => [name, templateBody] as const),
      ...shipped.map((file) => [file, readFileSync(file, 'utf8')] as const),
    ];
    const others = texts.flatMap(([name, text]) =>
      [...text.matchAll(/.{0,30}[^ -~\s]/g)].map(([place]) => [name, place]),
    );
    expect(others).toEqual([]);
  });

  it('reads in a later stack only what an earlier one wrote', () => {
    const written = new Set<unknown>();
    for (const { template } of platformTemplates(configOf({ masters: two }))) {
      const parameters = Object.values(
        (template.Parameters ?? {}) as Record<string, { Type: string; Default: string }>,
      );
      for (const { Default: name } of parameters.filter(({ Default }) => Default.startsWith('/jenkins-aws/'))) {
        expect(written).toContain(name);
      }
      for (const { Type, Properties } of Object.values(resourcesOf(template))) {
        if (Type === 'AWS::SSM::Parameter') written.add(Properties.Name);
      }
    }
  });

  it('leaves the first master and the network untouched when another one comes', () => {
    const before = platformTemplates(configOf());
    const after = platformTemplates(configOf({ masters: two }));
    for (const { name, templateBody } of before) {
      expect(after.find((stack) => stack.name === name)?.templateBody).toBe(templateBody);
    }
  });

  it('gives the same text for the same config', () => {
    expect(platformTemplates(configOf())).toEqual(platformTemplates(configOf()));
  });

  it('changes only the alarms’ subscription when an address is added', () => {
    const master = domainMaster('ci.example.com');
    const after = configOf({
      masters: { main: { ...master, alarms: { emails: ['ops@example.com', 'b@example.com'] } } },
    });
    const changed = platformTemplates(configOf()).flatMap(({ name, template }) => {
      const other = platformTemplates(after).find((stack) => stack.name === name)?.template ?? {};
      return Object.entries(resourcesOf(other)).filter(
        ([id, resource]) => JSON.stringify(resourcesOf(template)[id]) !== JSON.stringify(resource),
      );
    });
    expect(changed.map(([, { Type }]) => Type)).toEqual(['AWS::SNS::Subscription']);
  });

  it('puts the platform’s tags on every resource that can have tags', () => {
    const untagged = new Set<string>();
    for (const { template } of platformTemplates(configOf({ tags: { 'cost-center': '42' } }))) {
      for (const { Type, Properties } of Object.values(resourcesOf(template))) {
        const isTagged = /cost-center.{0,60}42|42.{0,60}cost-center/.test(JSON.stringify(Properties));
        if (!isTagged) untagged.add(Type);
        const data = Properties.LaunchTemplateData as { TagSpecifications: { ResourceType: string }[] } | undefined;
        for (const specification of data?.TagSpecifications ?? []) {
          expect(JSON.stringify(specification), specification.ResourceType).toContain('cost-center');
        }
      }
    }
    // These have no tags in CloudFormation, or none that cost allocation could use.
    expect([...untagged].sort()).toEqual([
      'AWS::EC2::Route',
      'AWS::EC2::SecurityGroupEgress',
      'AWS::EC2::SecurityGroupIngress',
      'AWS::EC2::SubnetRouteTableAssociation',
      'AWS::EC2::VPCGatewayAttachment',
      'AWS::EFS::MountTarget',
      'AWS::IAM::InstanceProfile',
      'AWS::IAM::Policy',
      'AWS::Route53::RecordSet',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::Subscription',
      'AWS::SNS::TopicPolicy',
    ]);
  });

  it('gives every role the boundary and every role and profile the path, and changes nothing else', () => {
    const permissionsBoundary = 'arn:aws:iam::111122223333:policy/boundary';
    const bare = platformTemplates(configOf({ masters: two }));
    const bound = platformTemplates(configOf({ masters: two, iam: { permissionsBoundary, rolePath: '/ci/' } }));
    const touched: string[] = [];
    for (const [index, { template }] of bound.entries()) {
      const before = resourcesOf(bare[index]?.template ?? {});
      for (const [id, { Type, Properties }] of Object.entries(resourcesOf(template))) {
        const { PermissionsBoundary, Path, ...rest } = Properties;
        expect(rest).toEqual(before[id]?.Properties);
        if (PermissionsBoundary === undefined && Path === undefined) continue;
        touched.push(Type);
        expect(Path).toBe('/ci/');
        if (Type === 'AWS::IAM::Role') expect(PermissionsBoundary).toBe(permissionsBoundary);
      }
    }
    expect(touched.sort()).toEqual([
      ...['AWS::IAM::InstanceProfile', 'AWS::IAM::InstanceProfile'],
      ...['AWS::IAM::Role', 'AWS::IAM::Role'],
    ]);
  });

  it('fits into CloudFormation without a bucket, needs no bootstrap, asset, custom resource or export', () => {
    for (const { templateBody } of platformTemplates(configOf())) {
      expect(Buffer.byteLength(templateBody)).toBeLessThan(51_200);
      expect(templateBody).not.toMatch(/BootstrapVersion|Custom::|CustomResource|AWS::Lambda|ImportValue|"Export"/);
    }
  });

  it('keeps user data under the 16 KiB that EC2 takes', () => {
    const template = platformTemplates(configOf({ name: 'a'.repeat(20) })).at(-1)?.template ?? {};
    const launch = Object.values(resourcesOf(template)).find(({ Type }) => Type === 'AWS::EC2::LaunchTemplate');
    const data = launch?.Properties.LaunchTemplateData as {
      UserData: { 'Fn::Base64': { 'Fn::Join': [string, unknown[]] } };
    };
    const text = data.UserData['Fn::Base64']['Fn::Join'][1]
      // No id or name that is filled in is longer than a stack's.
      .map((part) => (typeof part === 'string' ? part : 'x'.repeat(128)))
      .join('');
    expect(Buffer.byteLength(text)).toBeGreaterThan(1000);
    expect(Buffer.byteLength(text)).toBeLessThan(16_384);
  });

  it('passes CDK’s own validation against the resource schemas', () => {
    // CDK prints what it finds and goes on.
    const said: string[] = [];
    const listen = (stream: NodeJS.WriteStream) =>
      vi.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    const spies = [listen(process.stdout), listen(process.stderr)];
    for (const method of ['log', 'warn', 'error', 'info'] as const) {
      spies.push(vi.spyOn(console, method).mockImplementation((...words) => void said.push(words.join(' '))) as never);
    }
    try {
      platformTemplates(configOf(), { validate: true });
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    expect(said.filter((text) => /CloudFormation Validate/.test(text))).toEqual([]);
  });
});

describe('describePlan', () => {
  it('says what nobody should overlook', () => {
    const access = { allowedCidrs: ['10.0.0.0/16'], plainHttp: { reason: 'reached over the VPN only' } };
    const config = configOf({ masters: { main: { access } } });
    const { notes, stacks, cost } = describePlan(config, platformTemplates(config));
    expect(notes.join('\n')).toMatch(/without TLS, because: reached over the VPN only[\s\S]*alarms\.emails is empty/);
    expect(stacks.map(({ role }) => role)).toEqual(['artifacts', 'network', 'data', 'controller']);
    expect(cost.totalMonthly).toBeGreaterThan(50);
  });
});
