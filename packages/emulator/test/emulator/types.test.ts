import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  GetTemplateCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  DescribeAccessPointsCommand,
  DescribeFileSystemPolicyCommand,
  DescribeFileSystemsCommand,
  DescribeMountTargetsCommand,
  EFSClient,
} from '@aws-sdk/client-efs';
import { DescribeListenersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createChangeSet,
  deploy,
  destroy,
  lastEvents,
  lines,
  outputsOf,
  type Template,
} from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

const STACK = 'all-types';
const ref = (Ref: string) => ({ Ref });
const att = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });
const statement = (service: string, action: string, resource: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: action, Resource: resource }],
});

/** Every type of our templates; `word` changes one property of each that can change in place. */
function template(word: 'before' | 'after'): Template {
  const Tags = [{ Key: 'word', Value: word }];
  const days = word === 'before' ? 7 : 14;
  const of = (Type: string, Properties: object = {}, more: object = {}) => ({ Type, Properties, ...more });
  return {
    Resources: {
      Vpc: of('AWS::EC2::VPC', { CidrBlock: '10.9.0.0/16', EnableDnsHostnames: true, Tags }),
      SubnetA: of('AWS::EC2::Subnet', {
        VpcId: ref('Vpc'),
        CidrBlock: { 'Fn::Select': [0, { 'Fn::Cidr': ['10.9.0.0/16', 2, 8] }] },
        AvailabilityZone: { 'Fn::Select': [0, { 'Fn::GetAZs': ref('AWS::Region') }] },
        Tags,
      }),
      SubnetB: of('AWS::EC2::Subnet', {
        VpcId: ref('Vpc'),
        CidrBlock: { 'Fn::Join': ['.', ['10', '9', '1', '0/24']] },
        AvailabilityZone: { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] },
        MapPublicIpOnLaunch: word === 'after',
      }),
      Gateway: of('AWS::EC2::InternetGateway', { Tags }),
      Attachment: of('AWS::EC2::VPCGatewayAttachment', { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') }),
      Table: of('AWS::EC2::RouteTable', { VpcId: ref('Vpc'), Tags }),
      OtherTable: of('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
      Route: of(
        'AWS::EC2::Route',
        {
          RouteTableId: ref('Table'),
          DestinationCidrBlock: '0.0.0.0/0',
          ...(word === 'before' ? { GatewayId: ref('Gateway') } : { NatGatewayId: ref('Nat') }),
        },
        { DependsOn: 'Attachment' },
      ),
      Association: of('AWS::EC2::SubnetRouteTableAssociation', {
        SubnetId: ref('SubnetA'),
        RouteTableId: ref('Table'),
      }),
      Address: of('AWS::EC2::EIP', { Domain: 'vpc', Tags }, { DependsOn: 'Attachment' }),
      Nat: of('AWS::EC2::NatGateway', {
        SubnetId: ref('SubnetA'),
        AllocationId: att('Address', 'AllocationId'),
        Tags,
      }),
      Endpoint: of('AWS::EC2::VPCEndpoint', {
        VpcId: ref('Vpc'),
        VpcEndpointType: 'Gateway',
        ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.s3' },
        RouteTableIds: word === 'before' ? [ref('Table')] : [ref('Table'), ref('OtherTable')],
      }),
      Group: of('AWS::EC2::SecurityGroup', { VpcId: ref('Vpc'), GroupDescription: 'one', Tags }),
      Ingress: of('AWS::EC2::SecurityGroupIngress', {
        GroupId: att('Group', 'GroupId'),
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
        CidrIp: '10.0.0.0/8',
        Description: word,
      }),
      Egress: of('AWS::EC2::SecurityGroupEgress', {
        GroupId: att('Group', 'GroupId'),
        IpProtocol: 'tcp',
        FromPort: 2049,
        ToPort: 2049,
        DestinationSecurityGroupId: att('Group', 'GroupId'),
        Description: word,
      }),
      Parameter: of('AWS::SSM::Parameter', { Name: '/rehearsal/word', Type: 'String', Value: word }),
      Home: of('AWS::EFS::FileSystem', {
        Encrypted: true,
        ThroughputMode: 'elastic',
        LifecyclePolicies: [{ TransitionToIA: `AFTER_${days}_DAYS` }],
        BackupPolicy: { Status: 'ENABLED' },
        FileSystemTags: Tags,
        FileSystemPolicy: {
          Version: '2012-10-17',
          Statement: [{ Sid: word, Effect: 'Allow', Principal: { AWS: '*' }, Action: 'elasticfilesystem:ClientMount' }],
        },
      }),
      MountTarget: of('AWS::EFS::MountTarget', {
        FileSystemId: ref('Home'),
        SubnetId: ref('SubnetA'),
        SecurityGroups: [
          att(word === 'before' ? 'Group' : 'Vpc', word === 'before' ? 'GroupId' : 'DefaultSecurityGroup'),
        ],
      }),
      AccessPoint: of('AWS::EFS::AccessPoint', {
        FileSystemId: ref('Home'),
        PosixUser: { Uid: '1500', Gid: '1500' },
        AccessPointTags: Tags,
      }),
      Role: of('AWS::IAM::Role', {
        AssumeRolePolicyDocument: statement('ec2.amazonaws.com', 'sts:AssumeRole', undefined),
        Description: word,
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore'],
        Policies: [
          {
            PolicyName: 'inline',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' }],
            },
          },
        ],
      }),
      Policy: of('AWS::IAM::Policy', {
        PolicyName: 'policy',
        Roles: [ref('Role')],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Sid: word, Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
        },
      }),
      ManagedPolicy: of('AWS::IAM::ManagedPolicy', {
        Roles: [ref('Role')],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Sid: word, Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }],
        },
      }),
      Profile: of('AWS::IAM::InstanceProfile', { Roles: [ref('Role')] }),
      LaunchTemplate: of('AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: {
          ImageId: '{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64}}',
          InstanceType: 'm7g.large',
          UserData: { 'Fn::Base64': word },
          IamInstanceProfile: { Name: ref('Profile') },
        },
      }),
      AutoScalingGroup: of('AWS::AutoScaling::AutoScalingGroup', {
        MinSize: '0',
        MaxSize: word === 'before' ? '1' : '2',
        VPCZoneIdentifier: [ref('SubnetA')],
        LaunchTemplate: {
          LaunchTemplateId: ref('LaunchTemplate'),
          Version: att('LaunchTemplate', 'LatestVersionNumber'),
        },
      }),
      Balancer: of('AWS::ElasticLoadBalancingV2::LoadBalancer', {
        Subnets: [ref('SubnetA'), ref('SubnetB')],
        SecurityGroups: [att('Group', 'GroupId')],
        Scheme: 'internal',
        LoadBalancerAttributes: [{ Key: 'idle_timeout.timeout_seconds', Value: String(days * 10) }],
      }),
      Targets: of('AWS::ElasticLoadBalancingV2::TargetGroup', {
        VpcId: ref('Vpc'),
        Port: 8080,
        Protocol: 'HTTP',
        HealthCheckIntervalSeconds: days,
        HealthCheckPath: '/login',
        Matcher: { HttpCode: '200' },
      }),
      Listener: of('AWS::ElasticLoadBalancingV2::Listener', {
        LoadBalancerArn: ref('Balancer'),
        Port: 443,
        Protocol: 'HTTPS',
        Certificates: [{ CertificateArn: ref('Certificate') }],
        SslPolicy: word === 'before' ? 'ELBSecurityPolicy-TLS13-1-2-2021-06' : 'ELBSecurityPolicy-TLS13-1-3-2021-06',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
      }),
      Rule: of('AWS::ElasticLoadBalancingV2::ListenerRule', {
        ListenerArn: ref('Listener'),
        Priority: days,
        Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/one/*'] } }],
        Actions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
      }),
      Alarm: of('AWS::CloudWatch::Alarm', {
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'UnHealthyHostCount',
        Dimensions: [
          { Name: 'LoadBalancer', Value: att('Balancer', 'LoadBalancerFullName') },
          { Name: 'TargetGroup', Value: att('Targets', 'TargetGroupFullName') },
        ],
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: days,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      }),
      Topic: of('AWS::SNS::Topic', { DisplayName: word }),
      Subscription: of('AWS::SNS::Subscription', {
        TopicArn: ref('Topic'),
        Protocol: 'email',
        Endpoint: 'operators@example.com',
        FilterPolicy: { word: [word] },
      }),
      TopicPolicy: of('AWS::SNS::TopicPolicy', {
        Topics: [ref('Topic')],
        PolicyDocument: statement(`${word}.amazonaws.com`, 'sns:Publish', ref('Topic')),
      }),
      Logs: of('AWS::Logs::LogGroup', { RetentionInDays: days }),
      Zone: of('AWS::Route53::HostedZone', { Name: 'rehearsal.example.com', HostedZoneConfig: { Comment: word } }),
      Record: of('AWS::Route53::RecordSet', {
        HostedZoneId: ref('Zone'),
        Name: 'jenkins.rehearsal.example.com',
        Type: 'CNAME',
        TTL: String(days),
        ResourceRecords: [att('Balancer', 'DNSName')],
      }),
      Alias: of('AWS::Route53::RecordSet', {
        HostedZoneId: ref('Zone'),
        Name: 'rehearsal.example.com',
        Type: 'A',
        AliasTarget: {
          DNSName: att('Balancer', 'DNSName'),
          HostedZoneId: att('Balancer', 'CanonicalHostedZoneID'),
          EvaluateTargetHealth: word === 'after',
        },
      }),
      Certificate: of('AWS::CertificateManager::Certificate', {
        DomainName: 'jenkins.rehearsal.example.com',
        ValidationMethod: 'DNS',
        DomainValidationOptions: [{ DomainName: 'jenkins.rehearsal.example.com', HostedZoneId: ref('Zone') }],
        Tags,
      }),
      Key: of('AWS::KMS::Key', {
        Description: word,
        EnableKeyRotation: true,
        KeyPolicy: statement('logs.amazonaws.com', 'kms:Encrypt', '*'),
      }),
      KeyAlias: of('AWS::KMS::Alias', { AliasName: 'alias/rehearsal', TargetKeyId: ref('Key') }),
    },
    Outputs: {
      Vpc: { Value: ref('Vpc') },
      Group: { Value: att('Group', 'GroupId') },
      SubnetA: { Value: ref('SubnetA') },
      Home: { Value: ref('Home') },
      Zone: { Value: ref('Zone') },
      Balancer: { Value: ref('Balancer') },
      Certificate: { Value: ref('Certificate') },
      ProfileArn: { Value: att('Profile', 'Arn') },
    },
  };
}

/** What cannot change in place, or has nothing that can. */
const UNCHANGED = ['Attachment', 'Association', 'OtherTable', 'Profile', 'KeyAlias'];

let emulator: TestEmulator;
let cloudformation: CloudFormationClient;
let ec2: EC2Client;
let outputs: Record<string, string>;
let created: Map<string | undefined, string | undefined>;

beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
  ec2 = new EC2Client(emulator.client);
});
afterAll(() => emulator.stop());

async function physicalIds() {
  const { StackResources = [] } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName: STACK }));
  return new Map(StackResources.map((r) => [r.LogicalResourceId, r.PhysicalResourceId]));
}

test('creates every type of our templates', async () => {
  const stack = await deploy(cloudformation, STACK, template('before'));
  expect([stack.StackStatus, stack.StackStatusReason]).toEqual(['CREATE_COMPLETE', undefined]);
  outputs = outputsOf(stack);
  created = await physicalIds();
  expect([...created.keys()].sort()).toEqual(Object.keys(template('before').Resources).sort());
  const { Subnets = [] } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [outputs.Vpc ?? ''] }] }),
  );
  expect(Subnets.map((s) => `${s.CidrBlock} ${s.AvailabilityZone}`).sort()).toEqual([
    '10.9.0.0/24 eu-central-1a',
    '10.9.1.0/24 eu-central-1b',
  ]);
  const { Listeners = [] } = await new ElasticLoadBalancingV2Client(emulator.client).send(
    new DescribeListenersCommand({ LoadBalancerArn: outputs.Balancer }),
  );
  expect(Listeners[0]?.Certificates?.[0]?.CertificateArn).toBe(outputs.Certificate);
});

test('gives a template back as it was sent, and lists its stack', async () => {
  const { TemplateBody } = await cloudformation.send(new GetTemplateCommand({ StackName: STACK }));
  expect(JSON.parse(TemplateBody ?? '')).toEqual(JSON.parse(JSON.stringify(template('before'))));
  const { StackSummaries = [] } = await cloudformation.send(
    new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }),
  );
  expect(StackSummaries.map((summary) => summary.StackName)).toEqual([STACK]);
});

test('changes every type in place', async () => {
  const changeSet = await createChangeSet(cloudformation, STACK, template('after'), 'UPDATE');
  const replaced = (changeSet.Changes ?? []).filter(({ ResourceChange }) => ResourceChange?.Replacement === 'True');
  expect(replaced).toEqual([]);
  const stack = await deploy(cloudformation, STACK, template('after'), 'UPDATE');
  expect([stack.StackStatus, stack.StackStatusReason]).toEqual(['UPDATE_COMPLETE', undefined]);
  expect(await physicalIds()).toEqual(created);
  const changed = Object.keys(template('after').Resources).filter((id) => !UNCHANGED.includes(id));
  const told = lines(await lastEvents(cloudformation, STACK), STACK);
  expect(told.filter((line) => line.endsWith(' UPDATE_COMPLETE')).sort()).toEqual(
    changed.map((id) => `${id} UPDATE_COMPLETE`).sort(),
  );
});

test('shows the changes in the services', async () => {
  const { SecurityGroups = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ GroupIds: [outputs.Group ?? ''] }),
  );
  expect(SecurityGroups[0]?.IpPermissions).toMatchObject([
    { IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'after' }] },
  ]);
  expect(SecurityGroups[0]?.IpPermissionsEgress).toContainEqual(
    expect.objectContaining({
      FromPort: 2049,
      UserIdGroupPairs: [expect.objectContaining({ GroupId: outputs.Group, Description: 'after' })],
    }),
  );
  const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
  expect(Addresses[0]?.Tags).toContainEqual({ Key: 'word', Value: 'after' });
  const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}));
  expect(NatGateways[0]?.Tags).toContainEqual({ Key: 'word', Value: 'after' });
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
  expect(VpcEndpoints[0]?.RouteTableIds).toHaveLength(2);
  const { Policy } = await new EFSClient(emulator.client).send(
    new DescribeFileSystemPolicyCommand({ FileSystemId: outputs.Home }),
  );
  expect(JSON.parse(Policy ?? '').Statement[0].Sid).toBe('after');
  const { Parameter } = await new SSMClient(emulator.client).send(new GetParameterCommand({ Name: '/rehearsal/word' }));
  expect(Parameter).toMatchObject({ Value: 'after', Version: 2 });
  const { ResourceRecordSets = [] } = await new Route53Client(emulator.client).send(
    new ListResourceRecordSetsCommand({ HostedZoneId: outputs.Zone }),
  );
  expect(ResourceRecordSets.find((record) => record.Type === 'A')?.AliasTarget?.EvaluateTargetHealth).toBe(true);
});

test('deletes every type', async () => {
  expect((await destroy(cloudformation, STACK)).StackStatus).toBe('DELETE_COMPLETE');
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  expect(Vpcs.filter((vpc) => !vpc.IsDefault)).toEqual([]);
  expect((await ec2.send(new DescribeAddressesCommand({}))).Addresses).toEqual([]);
  const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}));
  expect(NatGateways).toEqual([]);
  const efs = new EFSClient(emulator.client);
  expect((await efs.send(new DescribeAccessPointsCommand({}))).AccessPoints).toEqual([]);
  expect((await efs.send(new DescribeMountTargetsCommand({ FileSystemId: outputs.Home }))).MountTargets).toEqual([]);
  expect((await efs.send(new DescribeFileSystemsCommand({}))).FileSystems).toEqual([]);
});
