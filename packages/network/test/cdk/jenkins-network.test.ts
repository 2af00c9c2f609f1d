import { synthesizeStacks } from '@jenkins-aws/core/cdk';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Fn, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { JenkinsNetwork } from '../../src/cdk/jenkins-network.js';
import { JenkinsSecurityGroups } from '../../src/cdk/jenkins-security-groups.js';
import type { NetworkOptions } from '../../src/options/network-options.js';
import type { ListenerProtocol } from '../../src/plan/talk.js';
import { networkTemplate, shippedTemplates } from '../../src/template.js';

type Resource = { Type: string; Properties: Record<string, unknown> };

function resourcesOf(template: Readonly<Record<string, unknown>>, type: string): Resource[] {
  return Object.values(template.Resources as Record<string, Resource>).filter((resource) => resource.Type === type);
}

describe('JenkinsNetwork', () => {
  it.each([
    ['none', 0],
    ['one', 1],
    ['per-zone', 3],
  ] as const)('with nat %s makes %i gateways', (nat, count) => {
    const template = networkTemplate({ nat, availabilityZones: 3 });
    expect(resourcesOf(template, 'AWS::EC2::NatGateway')).toHaveLength(count);
    expect(resourcesOf(template, 'AWS::EC2::Subnet')).toHaveLength(6);
  });

  it('gives private subnets no route to the internet without NAT', () => {
    const routes = resourcesOf(networkTemplate({ nat: 'none' }), 'AWS::EC2::Route');
    expect(routes.map(({ Properties }) => Object.keys(Properties))).toSatisfy((all: string[][]) =>
      all.every((keys) => keys.includes('GatewayId')),
    );
    expect(routes).toHaveLength(2);
  });

  it('puts the planned ranges into named zones and sends no launch a public address', () => {
    const options: NetworkOptions = { cidr: '10.9.0.0/22', availabilityZones: ['eu-west-1a', 'eu-west-1c'] };
    const subnets = resourcesOf(networkTemplate(options), 'AWS::EC2::Subnet').map(({ Properties }) => Properties);
    expect(subnets.map(({ AvailabilityZone, CidrBlock }) => [AvailabilityZone, CidrBlock])).toEqual([
      ['eu-west-1a', '10.9.2.0/27'],
      ['eu-west-1c', '10.9.2.32/27'],
      ['eu-west-1a', '10.9.0.0/26'],
      ['eu-west-1c', '10.9.0.64/26'],
    ]);
    expect(subnets.map(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch)).toEqual([false, false, false, false]);
  });

  it('takes zones whose names are known later only', () => {
    const zones = [Fn.select(1, Fn.getAzs()), 'eu-west-1c'];
    const subnets = resourcesOf(networkTemplate({ availabilityZones: zones }), 'AWS::EC2::Subnet');
    expect(subnets.map(({ Properties }) => Properties.AvailabilityZone)).toEqual([
      { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] },
      'eu-west-1c',
      { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] },
      'eu-west-1c',
    ]);
    expect(() => networkTemplate({ availabilityZones: [...zones, 'eu-west-1c'] })).toThrowError(
      /each availability zone once/,
    );
  });

  it('fails for a range that is known later only, and says why', () => {
    const cidr = Fn.ref('Range');
    expect(() => networkTemplate({ cidr })).toThrowError(
      /cidr must be known at synthesis: the subnets are cut from it/,
    );
  });

  it('reaches S3 through a gateway endpoint from every route table', () => {
    const [endpoint] = resourcesOf(networkTemplate(), 'AWS::EC2::VPCEndpoint');
    expect(endpoint?.Properties).toMatchObject({ VpcEndpointType: 'Gateway' });
    expect(endpoint?.Properties.RouteTableIds).toHaveLength(4);
  });

  it('has no custom resource, no asset and no export in what it ships', () => {
    for (const { template } of shippedTemplates()) {
      const text = JSON.stringify(template);
      expect(text).not.toMatch(/AWS::CloudFormation::CustomResource|Custom::|AWS::Lambda|Fn::ImportValue|"Export"/);
    }
  });
});

describe('JenkinsSecurityGroups', () => {
  const rules = (listener: ListenerProtocol, allowedCidrs = ['203.0.113.0/24']) => {
    const [stack] = synthesizeStacks((app) => {
      const scope = new Stack(app, 'Test');
      const { vpc } = new JenkinsNetwork(scope, 'Network');
      const home = new SecurityGroup(scope, 'Home', { vpc, allowAllOutbound: false });
      new JenkinsSecurityGroups(scope, 'Groups', { vpc, home, allowedCidrs, listener });
    });
    const template = stack?.template ?? {};
    const inline = resourcesOf(template, 'AWS::EC2::SecurityGroup').flatMap(({ Properties }) => [
      ...((Properties.SecurityGroupIngress as object[]) ?? []),
      ...((Properties.SecurityGroupEgress as object[]) ?? []),
    ]);
    const apart = ['Ingress', 'Egress'].flatMap((kind) =>
      resourcesOf(template, `AWS::EC2::SecurityGroup${kind}`).map(({ Properties }) => Properties),
    );
    return { inline, apart };
  };
  const portsFrom = (found: object[], cidr: string) =>
    found.filter((rule) => 'CidrIp' in rule && rule.CidrIp === cidr).map((rule) => 'ToPort' in rule && rule.ToPort);

  it('lets users reach the HTTPS listener and its redirect, and nothing else', () => {
    expect(portsFrom(rules('https').inline, '203.0.113.0/24')).toEqual([443, 80]);
    expect(portsFrom(rules('http').inline, '203.0.113.0/24')).toEqual([80]);
  });

  it('lets only the controller out, only to port 443', () => {
    expect(portsFrom(rules('https').inline, '0.0.0.0/0')).toEqual([443]);
  });

  it('ties load balancer to controller and controller to home, each way named', () => {
    const ports = rules('https').apart.map((rule) => 'ToPort' in rule && rule.ToPort);
    expect(ports.sort()).toEqual([2049, 2049, 8080, 8080]);
  });

  it('fails for the whole internet', () => {
    expect(() => rules('https', ['0.0.0.0/0'])).toThrowError(/whole internet/);
  });

  it('leaves a range that is a parameter to CloudFormation, and checks the others', () => {
    const range = Fn.ref('Range');
    const open = rules('https', [range, '203.0.113.0/24']).inline.filter(
      (rule) => 'ToPort' in rule && rule.ToPort === 80,
    );
    expect(open).toMatchObject([{ CidrIp: { Ref: 'Range' } }, { CidrIp: '203.0.113.0/24' }]);
    expect(() => rules('https', [range, '0.0.0.0/0'])).toThrowError(/whole internet/);
  });
});
