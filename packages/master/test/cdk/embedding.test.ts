import { synthesizeStacks } from '@jenkins-aws/core/cdk';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PermissionsBoundary, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnParameter, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { JenkinsController, type JenkinsControllerProps } from '../../src/cdk/jenkins-controller.js';
import { JenkinsHome } from '../../src/cdk/jenkins-home.js';

type Resource = { Type: string; Properties: Record<string, unknown>; DependsOn?: string[] };

/** A team's own stack, with its own VPC and things of its own beside Jenkins. */
function synthesize(
  addMore: (team: { scope: Stack; home: JenkinsHome; controller: JenkinsController; vpc: Vpc }) => void = () => {},
  options: (scope: Stack, vpc: Vpc) => Partial<JenkinsControllerProps> = () => ({}),
) {
  const [stack] = synthesizeStacks((app) => {
    const scope = new Stack(app, 'Team');
    const vpc = new Vpc(scope, 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup: false });
    const home = new JenkinsHome(scope, 'Home', { vpc });
    const controller = new JenkinsController(scope, 'Jenkins', {
      vpc,
      fileSystem: home.fileSystem,
      accessPoint: home.accessPoint,
      access: { allowedCidrs: ['10.0.0.0/16'], plainHttp: { reason: 'reached over the VPN only' } },
      ...options(scope, vpc),
    });
    addMore({ scope, home, controller, vpc });
  });
  const resources = (stack?.template.Resources ?? {}) as Record<string, Resource>;
  const all = (type: string) => Object.values(resources).filter((resource) => resource.Type === type);
  const statements = all('AWS::IAM::Policy').flatMap(
    ({ Properties }) =>
      (Properties.PolicyDocument as { Statement: { Action: string | string[]; Condition?: unknown }[] }).Statement,
  );
  return { resources, all, statements };
}

describe('a controller in a stack and a VPC of somebody else', () => {
  it('makes its own security groups from the table of who may talk to whom, and starts when they are there', () => {
    const { all, resources } = synthesize();
    const rules = (kind: 'Ingress' | 'Egress') =>
      all(`AWS::EC2::SecurityGroup${kind}`).map(({ Properties }) => Properties.ToPort);
    expect(rules('Ingress').sort()).toEqual([2049, 8080]);
    expect(rules('Egress').sort()).toEqual([2049, 8080]);
    const [group] = all('AWS::AutoScaling::AutoScalingGroup');
    for (const [id, { Type }] of Object.entries(resources)) {
      if (Type.startsWith('AWS::EC2::SecurityGroup')) expect(group?.DependsOn, id).toContain(id);
    }
  });

  it('reaches what the team lets it reach, and is reached by it', () => {
    const { all } = synthesize(({ scope, controller, vpc }) => {
      const database = new SecurityGroup(scope, 'Database', { vpc, allowAllOutbound: false });
      controller.connections.allowTo(database, Port.tcp(5432));
      controller.loadBalancer.connections.allowFrom(database, Port.tcp(80));
    });
    const ports = all('AWS::EC2::SecurityGroupIngress').map(({ Properties }) => Properties.ToPort);
    expect(ports.sort((a, b) => Number(a) - Number(b))).toEqual([80, 2049, 5432, 8080]);
  });

  it('is granted what the team grants it', () => {
    const { statements } = synthesize(({ scope, controller }) => new Bucket(scope, 'Artifacts').grantRead(controller));
    expect(statements.flatMap(({ Action }) => Action)).toContain('s3:GetBucket*');
  });

  it('lets somebody else read or write the home, through its access point only', () => {
    const mount = 'elasticfilesystem:ClientMount';
    const { statements } = synthesize(({ scope, home }) => {
      const role = (id: string) => new Role(scope, id, { assumedBy: new ServicePrincipal('backup.amazonaws.com') });
      home.grantRead(role('Reader'));
      home.grantReadWrite(role('Writer'));
    });
    const granted = statements.filter(({ Action }) => [Action].flat().includes(mount));
    expect(granted.map(({ Action }) => Action)).toEqual([
      [mount, 'elasticfilesystem:ClientWrite'],
      mount,
      [mount, 'elasticfilesystem:ClientWrite'],
    ]);
    for (const { Condition } of granted) {
      expect(Condition).toHaveProperty(['StringEquals', 'elasticfilesystem:AccessPointArn']);
    }
  });

  it('is bounded by the permissions boundary of the stack that it is in', () => {
    const { all } = synthesize(({ scope }) => {
      PermissionsBoundary.of(scope).apply(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
    });
    const roles = all('AWS::IAM::Role').map(({ Properties }) => Properties);
    expect(roles).not.toEqual([]);
    for (const properties of roles) expect(properties).toHaveProperty('PermissionsBoundary');
  });

  it('fails with one of the two security groups', () => {
    const one = (scope: Stack, vpc: Vpc) => ({ controllerSecurityGroup: new SecurityGroup(scope, 'Own', { vpc }) });
    expect(() => synthesize(undefined, one)).toThrowError(/loadBalancerSecurityGroup is needed beside controller/);
  });

  it('fails when nobody can tell the architecture of the image', () => {
    const typed = (scope: Stack) => ({ instanceType: new CfnParameter(scope, 'InstanceType').valueAsString });
    expect(() => synthesize(undefined, typed)).toThrowError(/machineImageId is needed where the instance type/);
  });
});
