import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AwsCall, callAws } from '../support/call-aws.js';
import { deploy, lastEvents, type Template } from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

let emulator: TestEmulator;
let cloudformation: CloudFormationClient;
let ec2: EC2Client;

beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
  ec2 = new EC2Client(emulator.client);
});
afterAll(() => emulator.stop());

const NO_GROUP = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/none/0123456789abcdef';
const NO_BALANCER = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/none/0123456789abcdef';
const NO_CERTIFICATE = 'arn:aws:acm:eu-central-1:123456789012:certificate/none';
const NO_TOPIC = 'arn:aws:sns:eu-central-1:123456789012:none';
const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const call = (service: string, operation: string, parameters: Record<string, unknown>): AwsCall => ({
  service,
  operation,
  parameters,
});

/** Each as AWS answers it: the call, the error's code and a part of its message. */
const REFUSED: readonly (readonly [AwsCall, code: string, message: string])[] = [
  [
    call('ec2', 'CreateSubnet', { VpcId: 'vpc-0', CidrBlock: '10.0.0.0/24' }),
    'InvalidVpcID.NotFound',
    "The vpc ID 'vpc-0' does not exist",
  ],
  [
    call('ec2', 'CreateSecurityGroup', { VpcId: 'vpc-0', GroupName: 'a', Description: 'a' }),
    'InvalidVpcID.NotFound',
    "'vpc-0'",
  ],
  [call('ec2', 'CreateRouteTable', { VpcId: 'vpc-0' }), 'InvalidVpcID.NotFound', "'vpc-0'"],
  [call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/8' }), 'InvalidVpc.Range', "The CIDR '10.0.0.0/8' is invalid."],
  [
    call('ec2', 'CreateVpcEndpoint', { VpcId: 'vpc-0', ServiceName: 'com.amazonaws.eu-central-1.s3' }),
    'InvalidVpcID.NotFound',
    "'vpc-0'",
  ],
  [
    call('ec2', 'AssociateRouteTable', { RouteTableId: 'rtb-0', SubnetId: 'subnet-00000001' }),
    'InvalidRouteTableID.NotFound',
    "The routeTable ID 'rtb-0' does not exist",
  ],
  [
    call('ec2', 'AttachInternetGateway', { InternetGatewayId: 'igw-0', VpcId: 'vpc-00000001' }),
    'InvalidInternetGatewayID.NotFound',
    "The internetGateway ID 'igw-0' does not exist",
  ],
  [
    call('ec2', 'CreateNetworkInterface', { SubnetId: 'subnet-0' }),
    'InvalidSubnetID.NotFound',
    "The subnet ID 'subnet-0' does not exist",
  ],
  [
    call('ec2', 'CreateNatGateway', { SubnetId: 'subnet-00000001', AllocationId: 'eipalloc-0' }),
    'InvalidElasticIpID.NotFound',
    'eipalloc-0',
  ],
  [call('ec2', 'AssociateAddress', { AllocationId: 'eipalloc-0' }), 'InvalidAllocationID.NotFound', 'eipalloc-0'],
  [
    call('ec2', 'AuthorizeSecurityGroupIngress', {
      GroupId: 'sg-00000001',
      IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-0' }] }],
    }),
    'InvalidGroup.NotFound',
    "The security group 'sg-0' does not exist",
  ],
  [
    call('ec2', 'RunInstances', { MinCount: 1, MaxCount: 1, SubnetId: 'subnet-0' }),
    'InvalidSubnetID.NotFound',
    "'subnet-0'",
  ],
  [
    call('ec2', 'RunInstances', { MinCount: 1, MaxCount: 1, SecurityGroupIds: ['sg-0'] }),
    'InvalidGroup.NotFound',
    "'sg-0'",
  ],
  [
    call('ec2', 'RunInstances', { MinCount: 1, MaxCount: 1, IamInstanceProfile: { Name: 'none' } }),
    'InvalidParameterValue',
    'Value (none) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name',
  ],
  [call('elbv2', 'CreateLoadBalancer', { Name: 'a', Subnets: ['subnet-0'] }), 'SubnetNotFound', "'subnet-0'"],
  [
    call('elbv2', 'CreateLoadBalancer', { Name: 'a', Subnets: ['subnet-00000001'] }),
    'ValidationError',
    'two different Availability Zones',
  ],
  [
    call('elbv2', 'CreateTargetGroup', { Name: 'a', VpcId: 'vpc-0' }),
    'ValidationError',
    "The VPC ID 'vpc-0' is not found",
  ],
  [
    call('elbv2', 'CreateListener', { LoadBalancerArn: NO_BALANCER, DefaultActions: [] }),
    'LoadBalancerNotFound',
    NO_BALANCER,
  ],
  [
    call('elbv2', 'RegisterTargets', { TargetGroupArn: NO_GROUP, Targets: [{ Id: 'i-0' }] }),
    'TargetGroupNotFound',
    NO_GROUP,
  ],
  [
    call('autoscaling', 'CreateAutoScalingGroup', {
      AutoScalingGroupName: 'a',
      MinSize: 0,
      MaxSize: 1,
      VPCZoneIdentifier: 'subnet-0',
    }),
    'ValidationError',
    "The subnet ID 'subnet-0' does not exist",
  ],
  [
    call('autoscaling', 'CreateAutoScalingGroup', {
      AutoScalingGroupName: 'a',
      MinSize: 0,
      MaxSize: 1,
      LaunchTemplate: { LaunchTemplateId: 'lt-0' },
    }),
    'ValidationError',
    'The specified launch template, with template ID lt-0, does not exist.',
  ],
  [
    call('autoscaling', 'PutLifecycleHook', { AutoScalingGroupName: 'none', LifecycleHookName: 'a' }),
    'ValidationError',
    'AutoScalingGroup name not found',
  ],
  [
    call('ecs', 'CreateService', { cluster: 'none', serviceName: 'a', taskDefinition: 'a' }),
    'ClusterNotFoundException',
    'Cluster not found.',
  ],
  [call('ecs', 'RunTask', { cluster: 'none', taskDefinition: 'a' }), 'ClusterNotFoundException', 'Cluster not found.'],
  [
    call('iam', 'AttachRolePolicy', { RoleName: 'none', PolicyArn: 'arn:aws:iam::123456789012:policy/None' }),
    'NoSuchEntity',
    'does not exist or is not attachable',
  ],
  [call('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: 'none', RoleName: 'none' }), 'NoSuchEntity', 'none'],
  [call('s3', 'CreateBucket', { Bucket: 'Upper' }), 'InvalidBucketName', 'The specified bucket is not valid.'],
  [call('s3', 'GetObject', { Bucket: 'none-such', Key: 'a' }), 'NoSuchBucket', 'The specified bucket does not exist'],
  [
    call('kms', 'Encrypt', { KeyId: 'alias/none', Plaintext: 'a' }),
    'NotFoundException',
    'Alias arn:aws:kms:eu-central-1:123456789012:alias/none is not found.',
  ],
  [
    call('kms', 'CreateAlias', { AliasName: 'alias/a', TargetKeyId: 'none' }),
    'NotFoundException',
    "Key 'arn:aws:kms:eu-central-1:123456789012:key/none' does not exist",
  ],
  [
    call('sns', 'Subscribe', { TopicArn: NO_TOPIC, Protocol: 'email', Endpoint: 'a@example.com' }),
    'NotFound',
    'Topic does not exist',
  ],
  [
    call('logs', 'CreateLogStream', { logGroupName: 'none', logStreamName: 'a' }),
    'ResourceNotFoundException',
    'The specified log group does not exist',
  ],
  [
    call('efs', 'CreateMountTarget', { FileSystemId: 'fs-0', SubnetId: 'subnet-00000001' }),
    'FileSystemNotFound',
    "'fs-0' does not exist",
  ],
  [
    call('efs', 'CreateAccessPoint', { FileSystemId: 'fs-0', ClientToken: 'a' }),
    'FileSystemNotFound',
    "'fs-0' does not exist",
  ],
];

test('fails calls that name what is not there, with the codes and words of AWS', async () => {
  const answers = await callAws(
    emulator,
    REFUSED.map(([asked]) => asked),
  );
  const said = answers.map(({ error }, index) => {
    const [asked, , message] = REFUSED[index] as (typeof REFUSED)[number];
    return `${asked.operation} ${error?.code} ${error?.message.includes(message) ? message : error?.message}`;
  });
  expect(said).toEqual(REFUSED.map(([asked, code, message]) => `${asked.operation} ${code} ${message}`));
});

test('fails subnets that lie outside their VPC or over another, and routes to what is not in it', async () => {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.20.0.0/16' }));
  const VpcId = Vpc?.VpcId;
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.20.0.0/24' }));
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const subnet = (CidrBlock: string) => ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock }));
  await expect(subnet('10.21.0.0/24')).rejects.toMatchObject({
    name: 'InvalidSubnet.Range',
    message: "The CIDR '10.21.0.0/24' is invalid.",
  });
  await expect(subnet('10.20.0.128/25')).rejects.toMatchObject({
    name: 'InvalidSubnet.Conflict',
    message: "The CIDR '10.20.0.128/25' conflicts with another subnet",
  });
  await expect(subnet('10.20.1.0/29')).rejects.toMatchObject({ name: 'InvalidSubnet.Range' });
  const route = { RouteTableId: RouteTable?.RouteTableId, DestinationCidrBlock: '0.0.0.0/0' };
  await expect(ec2.send(new CreateRouteCommand({ ...route, GatewayId: 'igw-0' }))).rejects.toMatchObject({
    name: 'InvalidInternetGatewayID.NotFound',
  });
  await expect(ec2.send(new CreateRouteCommand({ ...route, NatGatewayId: 'nat-0' }))).rejects.toMatchObject({
    name: 'InvalidNatGatewayID.NotFound',
  });
  const [allocated] = await callAws(emulator, [call('ec2', 'AllocateAddress', {})]);
  const AllocationId = String(allocated?.answer?.AllocationId);
  await expect(
    ec2.send(new CreateNatGatewayCommand({ SubnetId: Subnet?.SubnetId, AllocationId })),
  ).rejects.toMatchObject({
    name: 'Gateway.NotAttached',
    message: `Network ${VpcId} has no Internet gateway attached`,
  });
});

test('fails a load balancer that listens for a target group or with a certificate that is not there', async () => {
  const Subnets = ['subnet-00000001', 'subnet-00000002'];
  const [made] = await callAws(emulator, [call('elbv2', 'CreateLoadBalancer', { Name: 'listening', Subnets })]);
  const [balancer] = (made?.answer?.LoadBalancers ?? []) as { LoadBalancerArn: string }[];
  const listen = (more: object) =>
    call('elbv2', 'CreateListener', {
      LoadBalancerArn: balancer?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      ...more,
    });
  const fixed = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } };
  const answers = await callAws(emulator, [
    listen({ DefaultActions: [{ Type: 'forward', TargetGroupArn: NO_GROUP }] }),
    listen({ DefaultActions: [fixed], Certificates: [{ CertificateArn: NO_CERTIFICATE }] }),
    listen({ DefaultActions: [fixed] }),
  ]);
  expect(answers.map(({ error }) => error && `${error.code}: ${error.message}`)).toEqual([
    `TargetGroupNotFound: Target groups '${NO_GROUP}' not found`,
    `CertificateNotFound: Certificate '${NO_CERTIFICATE}' not found`,
    undefined,
  ]);
});

const of = (Type: string, Properties: object = {}) => ({ Type, Properties });
const IN_STACK: readonly (readonly [what: string, resource: object, reason: RegExp])[] = [
  [
    'a subnet',
    of('AWS::EC2::Subnet', { VpcId: 'vpc-0', CidrBlock: '10.0.0.0/24' }),
    /"The vpc ID 'vpc-0' does not exist \(Service: Ec2, Status Code: 400, Request ID: .*HandlerErrorCode: NotFound\)$/,
  ],
  ['a route table', of('AWS::EC2::RouteTable', { VpcId: 'vpc-0' }), /The vpc ID 'vpc-0' does not exist/],
  [
    'an attachment',
    of('AWS::EC2::VPCGatewayAttachment', { VpcId: 'vpc-0', InternetGatewayId: 'igw-0' }),
    /The vpc ID 'vpc-0' does not exist/,
  ],
  [
    'an association',
    of('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: 'subnet-0', RouteTableId: 'rtb-0' }),
    /The routeTable ID 'rtb-0' does not exist/,
  ],
  [
    'an endpoint',
    of('AWS::EC2::VPCEndpoint', { VpcId: 'vpc-0', ServiceName: 'com.amazonaws.eu-central-1.s3' }),
    /The vpc ID 'vpc-0' does not exist/,
  ],
  [
    'a security group with a rule',
    of('AWS::EC2::SecurityGroup', {
      GroupDescription: 'a',
      SecurityGroupIngress: [{ IpProtocol: '-1', SourceSecurityGroupId: 'sg-0' }],
    }),
    /^The security group 'sg-0' does not exist \(Service: Ec2, .*\) \(SDK Attempt Count: 1\)$/,
  ],
  [
    'a target group',
    of('AWS::ElasticLoadBalancingV2::TargetGroup', { VpcId: 'vpc-0', Port: 80, Protocol: 'HTTP' }),
    /The VPC ID 'vpc-0' is not found/,
  ],
  [
    'a listener',
    of('AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: NO_BALANCER, DefaultActions: [] }),
    /not found \(Service: ElasticLoadBalancingV2/,
  ],
  [
    'a hook',
    of('AWS::AutoScaling::LifecycleHook', {
      AutoScalingGroupName: 'none',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
    }),
    /AutoScalingGroup name not found/,
  ],
  [
    'a bucket',
    of('AWS::S3::Bucket', { BucketName: 'Upper-Case' }),
    /^Bucket name should not contain uppercase characters$/,
  ],
  [
    'a bucket policy',
    of('AWS::S3::BucketPolicy', { Bucket: 'none-such', PolicyDocument: TRUST }),
    /The specified bucket does not exist \(Service: S3, Status Code: 404/,
  ],
  [
    'an instance profile',
    of('AWS::IAM::InstanceProfile', { Roles: ['none'] }),
    /The role with name none cannot be found. \(Service: Iam, Status Code: 404/,
  ],
  [
    'a role',
    of('AWS::IAM::Role', {
      AssumeRolePolicyDocument: TRUST,
      ManagedPolicyArns: ['arn:aws:iam::123456789012:policy/None'],
    }),
    /does not exist or is not attachable/,
  ],
  ['an ECS service', of('AWS::ECS::Service', { Cluster: 'none', TaskDefinition: 'none' }), /Cluster not found/],
  ['a build project', of('AWS::CodeBuild::Project'), /^Property ServiceRole cannot be empty.$/],
  [
    'a subscription',
    of('AWS::SNS::Subscription', { TopicArn: NO_TOPIC, Protocol: 'email', Endpoint: 'a@example.com' }),
    /Topic does not exist \(Service: Sns, Status Code: 404/,
  ],
  [
    'a topic policy',
    of('AWS::SNS::TopicPolicy', { Topics: [NO_TOPIC], PolicyDocument: TRUST }),
    /Topic does not exist/,
  ],
  [
    'a key alias',
    of('AWS::KMS::Alias', { AliasName: 'alias/a', TargetKeyId: 'none' }),
    /Key 'arn:aws:kms:.*:key\/none' does not exist/,
  ],
  [
    'a log group',
    of('AWS::Logs::LogGroup', { KmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/none' }),
    /The specified KMS key does not exist/,
  ],
  [
    'a metric filter',
    of('AWS::Logs::MetricFilter', { LogGroupName: 'none', FilterPattern: '', MetricTransformations: [] }),
    /The specified log group does not exist/,
  ],
  [
    'a file system',
    of('AWS::EFS::FileSystem', { Encrypted: true, KmsKeyId: 'alias/none' }),
    /'alias\/none' does not exist/,
  ],
  [
    'a mount target',
    of('AWS::EFS::MountTarget', { FileSystemId: 'fs-0', SubnetId: 'subnet-00000001', SecurityGroups: [] }),
    /'fs-0' does not exist. \(Service: Efs, Status Code: 404/,
  ],
  ['an access point', of('AWS::EFS::AccessPoint', { FileSystemId: 'fs-0' }), /'fs-0' does not exist/],
  [
    'a function',
    of('AWS::Lambda::Function', {
      Code: { S3Bucket: 'none-such', S3Key: 'a' },
      Role: 'arn:aws:iam::123456789012:role/none',
    }),
    /S3 Error Code: NoSuchBucket/,
  ],
];

test.each(IN_STACK)('fails %s of a stack that names what is not there', async (what, resource, reason) => {
  const name = `missing-${what.replaceAll(' ', '-')}`;
  const stack = await deploy(cloudformation, name, { Resources: { Wrong: resource } });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  const failure = (await lastEvents(cloudformation, name)).find((event) => event.ResourceStatus === 'CREATE_FAILED');
  expect(failure).toMatchObject({ LogicalResourceId: 'Wrong', ResourceStatusReason: expect.stringMatching(reason) });
});

test('fails a group of a stack whose launch template names no profile or no security group', async () => {
  const group = (data: object): Template => ({
    Resources: {
      Template: of('AWS::EC2::LaunchTemplate', { LaunchTemplateData: data }),
      Group: of('AWS::AutoScaling::AutoScalingGroup', {
        MinSize: '0',
        MaxSize: '1',
        VPCZoneIdentifier: ['subnet-00000001'],
        LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: '1' },
      }),
    },
  });
  const reasons = [];
  for (const [index, data] of [{ IamInstanceProfile: { Name: 'none' } }, { SecurityGroupIds: ['sg-0'] }].entries()) {
    await deploy(cloudformation, `launching-${index}`, group(data));
    const events = await lastEvents(cloudformation, `launching-${index}`);
    reasons.push(events.find((event) => event.ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason);
  }
  expect(reasons).toEqual([
    expect.stringContaining('Value (none) for parameter iamInstanceProfile.name is invalid.'),
    expect.stringContaining("The security group 'sg-0' does not exist"),
  ]);
});

const TOPIC = of('AWS::SNS::Topic');
test.each<[string, Template, string]>([
  [
    'a VPC',
    { Parameters: { Vpc: { Type: 'AWS::EC2::VPC::Id', Default: 'vpc-0' } }, Resources: { TOPIC } },
    'parameter value vpc-0 for parameter name Vpc does not exist',
  ],
  [
    'one of several subnets',
    {
      Parameters: { Subnets: { Type: 'List<AWS::EC2::Subnet::Id>', Default: 'subnet-00000001,subnet-0' } },
      Resources: { TOPIC },
    },
    'parameter value subnet-0 for parameter name Subnets does not exist',
  ],
  [
    'a number',
    { Parameters: { Count: { Type: 'Number', Default: 'many' } }, Resources: { TOPIC } },
    "Parameter 'Count' must be a number",
  ],
  [
    'a stored parameter',
    { Parameters: { Ami: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/none' } }, Resources: { TOPIC } },
    'Unable to fetch parameters [/none] from parameter store for this account.',
  ],
  [
    'resources in a circle',
    { Resources: { A: { ...TOPIC, DependsOn: 'B' }, B: { ...TOPIC, DependsOn: 'A' } } },
    'Circular dependency between resources: [A, B]',
  ],
])('fails to begin with a template that has no lawful value for %s', async (_what, template, message) => {
  const TemplateBody = JSON.stringify(template);
  await expect(
    cloudformation.send(new CreateStackCommand({ StackName: 'never-begun', TemplateBody })),
  ).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining(message) });
});
