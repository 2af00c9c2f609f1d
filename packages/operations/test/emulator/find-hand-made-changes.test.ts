import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourcesCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateLaunchTemplateVersionCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../../../emulator/test/support/start-test-emulator.js';
import { findHandMadeChanges } from '../../src/operations/find-hand-made-changes.js';

const STACKS = ['jenkins-ci-network', 'jenkins-ci-main-controller'];
const NETWORK = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.3.0.0/16' } },
  Subnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.3.0.0/24', AvailabilityZone: 'eu-central-1a' },
  },
  Home: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'home',
      VpcId: { Ref: 'Vpc' },
      SecurityGroupEgress: [{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 }],
    },
  },
  HomeId: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/jenkins-aws/ci/home', Type: 'String', Value: { 'Fn::GetAtt': ['Home', 'GroupId'] } },
  },
  SubnetId: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/jenkins-aws/ci/subnet', Type: 'String', Value: { Ref: 'Subnet' } },
  },
  VpcId: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/jenkins-aws/ci/vpc', Type: 'String', Value: { Ref: 'Vpc' } },
  },
};
const CONTROLLER = {
  Controller: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'controller',
      VpcId: { Ref: 'VpcId' },
      SecurityGroupIngress: [{ CidrIp: '10.0.0.0/16', IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080 }],
    },
  },
  // A rule of a group of another stack.
  ToHome: {
    Type: 'AWS::EC2::SecurityGroupIngress',
    Properties: {
      GroupId: { Ref: 'HomeId' },
      IpProtocol: 'tcp',
      FromPort: 2049,
      ToPort: 2049,
      SourceSecurityGroupId: { 'Fn::GetAtt': ['Controller', 'GroupId'] },
    },
  },
  Launch: {
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: { LaunchTemplateData: { InstanceType: 't3.micro', ImageId: 'ami-0c55b159cbfafe1f0' } },
  },
  Group: {
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    Properties: {
      MinSize: '1',
      MaxSize: '1',
      VPCZoneIdentifier: [{ Ref: 'SubnetId' }],
      LaunchTemplate: {
        LaunchTemplateId: { Ref: 'Launch' },
        Version: { 'Fn::GetAtt': ['Launch', 'LatestVersionNumber'] },
      },
    },
  },
};
const parameters = (names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => [
      `${name}Id`,
      { Type: 'AWS::SSM::Parameter::Value<String>', Default: `/jenkins-aws/ci/${name.toLowerCase()}` },
    ]),
  );

let emulator: TestEmulator;
let clients: { autoScaling: AutoScalingClient; cloudFormation: CloudFormationClient; ec2: EC2Client };

beforeAll(async () => {
  emulator = await startTestEmulator();
  const { client } = emulator;
  clients = {
    autoScaling: new AutoScalingClient(client),
    cloudFormation: new CloudFormationClient(client),
    ec2: new EC2Client(client),
  };
  const bodies = [{ Resources: NETWORK }, { Parameters: parameters(['Home', 'Subnet', 'Vpc']), Resources: CONTROLLER }];
  for (const [index, body] of bodies.entries()) {
    const StackName = STACKS[index];
    await clients.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(body) }));
    const patience = { client: clients.cloudFormation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
    await waitUntilStackCreateComplete(patience, { StackName });
  }
});
afterAll(() => emulator?.stop());

const find = () => findHandMadeChanges({ ...clients, stackNames: [...STACKS, 'jenkins-ci-gone'] });

async function physicalId(logicalId: string): Promise<string> {
  for (const StackName of STACKS) {
    const { StackResources = [] } = await clients.cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
    const found = StackResources.find(({ LogicalResourceId }) => LogicalResourceId === logicalId);
    if (found?.PhysicalResourceId) return found.PhysicalResourceId;
  }
  return '';
}

describe('findHandMadeChanges', () => {
  it('finds nothing in stacks that nobody touched, also rules that one stack adds to a group of another', async () => {
    expect(await find()).toEqual({ changes: [], unchecked: [] });
  });

  it('finds a rule that was opened by hand, and one that was taken away', async () => {
    const [home, controller] = [await physicalId('Home'), await physicalId('Controller')];
    await clients.ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: controller,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
    );
    await clients.ec2.send(
      new RevokeSecurityGroupEgressCommand({
        GroupId: home,
        IpPermissions: [
          { IpProtocol: 'icmp', FromPort: 252, ToPort: 86, IpRanges: [{ CidrIp: '255.255.255.255/32' }] },
        ],
      }),
    );
    const { changes } = await find();
    expect(changes.map(({ logicalId, change, message }) => [logicalId, change, message]).sort()).toEqual([
      ['Controller', 'rule-added', 'allows in tcp 22-22 0.0.0.0/0, which no template says'],
      ['Home', 'rule-removed', 'lacks out icmp 252-86 255.255.255.255/32, which its template says'],
    ]);
  });

  it('leaves the rules of a stack unchecked whose template is YAML, and compares the others', async () => {
    const StackName = 'jenkins-ci-yaml';
    const TemplateBody = `Resources: { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: yaml } } }`;
    await clients.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
    const patience = { client: clients.cloudFormation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
    await waitUntilStackCreateComplete(patience, { StackName });
    const { changes, unchecked } = await findHandMadeChanges({ ...clients, stackNames: [StackName, ...STACKS] });
    expect(unchecked).toEqual([
      { stackName: StackName, what: 'rules of its security groups', reason: 'its template is not JSON' },
    ]);
    expect(changes.map(({ stackName }) => stackName)).not.toContain(StackName);
    expect(changes).toEqual((await find()).changes);
  });

  it('says nothing of a newer version of the launch template, which the group does not ask for', async () => {
    await clients.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: await physicalId('Launch'),
        SourceVersion: '1',
        LaunchTemplateData: { InstanceType: 't3.small' },
      }),
    );
    expect((await find()).changes.map(({ change }) => change)).not.toContain('instance-outdated');
  });

  it('finds an instance that runs another version than its group says', async () => {
    const groupName = await physicalId('Group');
    const autoScaling = {
      send: async () => ({
        AutoScalingGroups: [
          {
            AutoScalingGroupName: groupName,
            LaunchTemplate: { Version: '2' },
            Instances: [
              { InstanceId: 'i-old', LaunchTemplate: { Version: '1' } },
              { InstanceId: 'i-new', LaunchTemplate: { Version: '2' } },
            ],
          },
        ],
      }),
    } as unknown as AutoScalingClient;
    const { changes } = await findHandMadeChanges({ ...clients, autoScaling, stackNames: STACKS });
    expect(changes.filter(({ change }) => change === 'instance-outdated')).toEqual([
      expect.objectContaining({ logicalId: 'Group', message: 'i-old runs version 1, the group says 2' }),
    ]);
  });
});
