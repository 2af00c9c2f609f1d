import { CloudFormationClient, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AwsAnswer, callAws } from '../support/call-aws.js';
import { controllerTemplate } from '../support/controller-template.js';
import { deploy, describeStack, destroy, outputsOf, type Template } from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

let emulator: TestEmulator;
let cloudformation: CloudFormationClient;

beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
});
afterAll(() => emulator.stop());

const of = (Type: string, Properties: object = {}) => ({ Type, Properties });
const ref = (Ref: string) => ({ Ref });
const ask = async (
  service: string,
  operation: string,
  parameters: Record<string, unknown> = {},
): Promise<AwsAnswer> => {
  const [answer] = await callAws(emulator, [{ service, operation, parameters }]);
  if (answer === undefined) throw new TypeError('no answer');
  return answer;
};
const found = async <T>(service: string, operation: string, key: string, parameters = {}): Promise<T[]> =>
  ((await ask(service, operation, parameters)).answer?.[key] ?? []) as T[];
const refusal = async (service: string, operation: string, parameters: Record<string, unknown>) => {
  const { error } = await ask(service, operation, parameters);
  return error && `${error.code}: ${error.message}`;
};

test('fails to delete what a running controller uses, and deletes nothing by it', { timeout: 60_000 }, async () => {
  const stack = await deploy(cloudformation, 'used', controllerTemplate());
  const { Vpc: vpc = '', Home, Targets, ControllerGroup, BalancerGroup } = outputsOf(stack);
  const filter = [{ Name: 'vpc-id', Values: [vpc] }];
  const subnets = await found<{ SubnetId: string }>('ec2', 'DescribeSubnets', 'Subnets', { Filters: filter });
  const tables = await found<{ RouteTableId: string; Associations: { SubnetId?: string }[] }>(
    'ec2',
    'DescribeRouteTables',
    'RouteTables',
    { Filters: filter },
  );
  const table = tables.find(({ Associations }) => Associations.some(({ SubnetId }) => SubnetId))?.RouteTableId ?? '';
  const [gateway] = await found<{ InternetGatewayId: string }>('ec2', 'DescribeInternetGateways', 'InternetGateways', {
    Filters: [{ Name: 'attachment.vpc-id', Values: [vpc] }],
  });
  const igw = gateway?.InternetGatewayId;
  const [address] = await found<{ AllocationId: string; PublicIp: string }>('ec2', 'DescribeAddresses', 'Addresses');
  const [profile] = await found<{ InstanceProfileName: string; Roles: { RoleName: string }[] }>(
    'iam',
    'ListInstanceProfiles',
    'InstanceProfiles',
  );

  const dependent = (id: string | undefined) => `DependencyViolation: resource ${id} has a dependent object`;
  const held = (what: string, id: string | undefined) =>
    `DependencyViolation: The ${what} '${id}' has dependencies and cannot be deleted.`;
  const RoleName = profile?.Roles[0]?.RoleName;
  const InstanceProfileName = profile?.InstanceProfileName;
  const conflict = 'DeleteConflict: Cannot delete entity, must remove roles from instance profile first.';
  const refused: readonly (readonly [service: string, operation: string, parameters: object, said: string])[] = [
    ['ec2', 'DeleteSecurityGroup', { GroupId: ControllerGroup }, dependent(ControllerGroup)],
    ['ec2', 'DeleteSecurityGroup', { GroupId: BalancerGroup }, dependent(BalancerGroup)],
    ['ec2', 'DeleteVpc', { VpcId: vpc }, held('vpc', vpc)],
    ['ec2', 'DeleteRouteTable', { RouteTableId: table }, held('routeTable', table)],
    ['ec2', 'DeleteInternetGateway', { InternetGatewayId: igw }, held('internetGateway', igw)],
    [
      'ec2',
      'DetachInternetGateway',
      { InternetGatewayId: igw, VpcId: vpc },
      `DependencyViolation: Network ${vpc} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    ],
    [
      'ec2',
      'ReleaseAddress',
      { AllocationId: address?.AllocationId },
      `InvalidIPAddress.InUse: Address ${address?.PublicIp} is in use.`,
    ],
    [
      'elbv2',
      'DeleteTargetGroup',
      { TargetGroupArn: Targets },
      `ResourceInUse: Target group '${Targets}' is currently in use by a listener or a rule`,
    ],
    [
      'efs',
      'DeleteFileSystem',
      { FileSystemId: Home },
      `FileSystemInUse: File system '${Home}' has mount targets and cannot be deleted.`,
    ],
    ['iam', 'DeleteInstanceProfile', { InstanceProfileName }, conflict],
    ['iam', 'DeleteRole', { RoleName }, conflict],
    // Nothing is in the second public subnet: AWS lets it go.
    ...subnets.map(({ SubnetId }) => ['ec2', 'DeleteSubnet', { SubnetId }, held('subnet', SubnetId)] as const),
  ];
  const answers = await callAws(
    emulator,
    refused.map(([service, operation, parameters]) => ({ service, operation, parameters: { ...parameters } })),
  );
  const said = answers.map(({ error }) => error && `${error.code}: ${error.message}`);
  const empty = said.indexOf(undefined);
  expect(refused[empty]?.[1]).toBe('DeleteSubnet');
  expect(said.filter((_, index) => index !== empty)).toEqual(
    refused.map(([, , , message]) => message).filter((_, index) => index !== empty),
  );

  expect((await destroy(cloudformation, 'used')).StackStatus).toBe('DELETE_COMPLETE');
  // The file system is retained; nothing else of it holds what the stack had.
  expect(await refusal('efs', 'DeleteFileSystem', { FileSystemId: Home })).toBeUndefined();
});

/** A network, and a group and a bucket and a role in it that somebody else can begin to use. */
const shared: Template = {
  Resources: {
    Vpc: of('AWS::EC2::VPC', { CidrBlock: '10.30.0.0/16' }),
    Subnet: of('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.30.0.0/24' }),
    Group: of('AWS::EC2::SecurityGroup', { VpcId: ref('Vpc'), GroupDescription: 'shared' }),
    Bucket: of('AWS::S3::Bucket', { BucketName: 'shared-bucket' }),
    Cluster: of('AWS::ECS::Cluster', { ClusterName: 'shared' }),
    Role: of('AWS::IAM::Role', {
      RoleName: 'shared',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    }),
  },
  Outputs: {
    Subnet: { Value: ref('Subnet') },
    Group: { Value: { 'Fn::GetAtt': ['Group', 'GroupId'] } },
  },
};

test('fails the deletion of a stack whose resources others use, says why, and ends it once they do not', async () => {
  const { Subnet, Group } = outputsOf(await deploy(cloudformation, 'shared', shared));
  const begun = await callAws(emulator, [
    {
      service: 'ec2',
      operation: 'RunInstances',
      parameters: { MinCount: 1, MaxCount: 1, SubnetId: Subnet, SecurityGroupIds: [Group] },
    },
    { service: 's3', operation: 'PutObject', parameters: { Bucket: 'shared-bucket', Key: 'a', Body: 'a' } },
    {
      service: 'iam',
      operation: 'AttachRolePolicy',
      parameters: { RoleName: 'shared', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    },
    {
      service: 'ecs',
      operation: 'RegisterTaskDefinition',
      parameters: { family: 'shared', containerDefinitions: [{ name: 'a', image: 'a', memory: 128 }] },
    },
    {
      service: 'ecs',
      operation: 'CreateService',
      parameters: { cluster: 'shared', serviceName: 'a', taskDefinition: 'shared', desiredCount: 0 },
    },
  ]);
  expect(begun.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined, undefined]);

  const failed = await destroy(cloudformation, 'shared');
  expect(failed.StackStatus).toBe('DELETE_FAILED');
  expect(failed.StackStatusReason).toContain(
    'The following resource(s) failed to delete: [Bucket, Cluster, Group, Role, Subnet, Vpc].',
  );
  const { StackEvents = [] } = await cloudformation.send(new DescribeStackEventsCommand({ StackName: 'shared' }));
  const reasons = Object.fromEntries(
    StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED').map((event) => [
      event.LogicalResourceId,
      event.ResourceStatusReason,
    ]),
  );
  expect(reasons).toMatchObject({
    Group: expect.stringMatching(`^resource ${Group} has a dependent object \\(Service: Ec2, Status Code: 400, `),
    Subnet: expect.stringMatching(
      `^Resource handler returned message: "The subnet '${Subnet}' has dependencies and cannot be deleted. \\(Service: Ec2,.*HandlerErrorCode: InvalidRequest\\)$`,
    ),
    Bucket: expect.stringMatching(/The bucket you tried to delete is not empty \(Service: S3, Status Code: 409,/),
    Role: expect.stringMatching(
      /Cannot delete entity, must detach all policies first. \(Service: Iam, Status Code: 409/,
    ),
    Cluster: expect.stringMatching(/The Cluster cannot be deleted while Services are active./),
  });

  const instances = (begun[0]?.answer?.Instances ?? []) as { InstanceId: string }[];
  await callAws(emulator, [
    { service: 'ec2', operation: 'TerminateInstances', parameters: { InstanceIds: [instances[0]?.InstanceId] } },
    { service: 's3', operation: 'DeleteObject', parameters: { Bucket: 'shared-bucket', Key: 'a' } },
    {
      service: 'iam',
      operation: 'DetachRolePolicy',
      parameters: { RoleName: 'shared', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    },
    { service: 'ecs', operation: 'DeleteService', parameters: { cluster: 'shared', service: 'a', force: true } },
  ]);
  const { StackId = '' } = await describeStack(cloudformation, 'shared');
  expect((await destroy(cloudformation, 'shared')).StackStatus).toBe('DELETE_COMPLETE');
  expect((await describeStack(cloudformation, StackId)).StackStatus).toBe('DELETE_COMPLETE');
});

test('fails to delete a group that a rule of another one names, until the rule is gone', async () => {
  const made = await callAws(
    emulator,
    ['one', 'other'].map((GroupName) => ({
      service: 'ec2',
      operation: 'CreateSecurityGroup',
      parameters: { GroupName, Description: GroupName, VpcId: 'vpc-00000001' },
    })),
  );
  const [one, other] = made.map(({ answer }) => String(answer?.GroupId));
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: [{ GroupId: other }] }];
  await ask('ec2', 'AuthorizeSecurityGroupIngress', { GroupId: one, IpPermissions });
  expect(await refusal('ec2', 'DeleteSecurityGroup', { GroupId: other })).toContain('has a dependent object');
  await ask('ec2', 'RevokeSecurityGroupIngress', { GroupId: one, IpPermissions });
  expect(await refusal('ec2', 'DeleteSecurityGroup', { GroupId: other })).toBeUndefined();
  expect(await refusal('ec2', 'DeleteSecurityGroup', { GroupId: 'sg-00000001' })).toBe(
    'CannotDelete: the specified group: "sg-00000001" name: "default" cannot be deleted by a user',
  );
});

test('fails to delete a protected load balancer and a certificate in use', async () => {
  const [made, requested] = await callAws(emulator, [
    {
      service: 'elbv2',
      operation: 'CreateLoadBalancer',
      parameters: { Name: 'kept', Subnets: ['subnet-00000001', 'subnet-00000002'] },
    },
    { service: 'acm', operation: 'RequestCertificate', parameters: { DomainName: 'jenkins.example.com' } },
  ]);
  const [balancer] = (made?.answer?.LoadBalancers ?? []) as { LoadBalancerArn: string }[];
  const LoadBalancerArn = balancer?.LoadBalancerArn;
  const CertificateArn = requested?.answer?.CertificateArn;
  await ask('elbv2', 'CreateListener', {
    LoadBalancerArn,
    Protocol: 'HTTPS',
    Port: 443,
    Certificates: [{ CertificateArn }],
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
  });
  await ask('elbv2', 'ModifyLoadBalancerAttributes', {
    LoadBalancerArn,
    Attributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }],
  });
  expect(await refusal('elbv2', 'DeleteLoadBalancer', { LoadBalancerArn })).toBe(
    `OperationNotPermitted: Load balancer '${LoadBalancerArn}' cannot be deleted because deletion protection is enabled`,
  );
  expect(await refusal('acm', 'DeleteCertificate', { CertificateArn })).toBe(
    `ResourceInUseException: Certificate ${CertificateArn} is in use.`,
  );
});
