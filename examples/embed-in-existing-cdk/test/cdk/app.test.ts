import type { App } from 'aws-cdk-lib/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../app.js';

type Resource = { Type: string; Properties: Record<string, unknown> };

let ci: Record<string, Resource>;
const all = (type: string) => Object.values(ci).filter((resource) => resource.Type === type);

beforeAll(() => {
  const app: App = createApp();
  ci = app.synth().getStackByName('Ci').template.Resources;
});

describe('a team’s own CDK app', () => {
  it('gets a controller and a home in its own VPC, and no second VPC', () => {
    expect(all('AWS::AutoScaling::AutoScalingGroup')).toHaveLength(1);
    expect(all('AWS::EFS::MountTarget')).toHaveLength(2);
    expect(all('AWS::EC2::VPC')).toEqual([]);
    expect(JSON.stringify(all('AWS::ElasticLoadBalancingV2::TargetGroup'))).toContain('Team:ExportsOutputRefVpc');
  });

  it('opens its database to the controller, and nothing else to it', () => {
    const egress = all('AWS::EC2::SecurityGroupEgress').map(({ Properties }) => Properties.ToPort);
    expect(egress.sort()).toEqual([2049, 5432, 8080]);
    const toDatabase = all('AWS::EC2::SecurityGroupIngress').filter(({ Properties }) => Properties.ToPort === 5432);
    expect(JSON.stringify(toDatabase)).toContain('Team:ExportsOutputFnGetAttDatabase');
  });

  it('grants the controller its bucket, and bounds its role', () => {
    const statements = all('AWS::IAM::Policy').flatMap(
      ({ Properties }) => (Properties.PolicyDocument as { Statement: { Action: string | string[] }[] }).Statement,
    );
    expect(statements.flatMap(({ Action }) => Action)).toContain('s3:PutObject');
    const readers = all('AWS::IAM::Policy').map(({ Properties }) => Properties.Roles);
    expect(readers).toContainEqual(['security-inspection']);
    const roles = all('AWS::IAM::Role');
    expect(roles).toHaveLength(1);
    expect(JSON.stringify(roles[0]?.Properties.PermissionsBoundary)).toContain(':policy/team-boundary');
  });
});
