import { ACMClient, DescribeCertificateCommand, ListCertificatesCommand } from '@aws-sdk/client-acm';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  DescribeAccessPointsCommand,
  DescribeFileSystemsCommand,
  DescribeMountTargetsCommand,
  EFSClient,
} from '@aws-sdk/client-efs';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetRolePolicyCommand,
  IAMClient,
  ListInstanceProfilesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { ListHostedZonesCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { normalize } from './normalize.js';
import type { TestEmulator } from './start-test-emulator.js';

/** Everything that is in an emulator, by kind; ids are names where a stack gives them one. */
export type Snapshot = Readonly<Record<string, readonly unknown[]>>;

async function each<T, R>(items: readonly T[] | undefined, look: (item: T) => Promise<R>): Promise<R[]> {
  return Promise.all((items ?? []).map(look));
}

async function network(client: TestEmulator['client']) {
  const ec2 = new EC2Client(client);
  // Every account has a VPC that nobody made, with what belongs to it.
  const { Vpcs = [] } = await ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['false'] }] }),
  );
  const ours = new Set(Vpcs.map(({ VpcId }) => VpcId));
  const inOurs = <T extends { VpcId?: string }>(all: readonly T[] = []) => all.filter(({ VpcId }) => ours.has(VpcId));
  const { InternetGateways = [] } = await ec2.send(new DescribeInternetGatewaysCommand({}));
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  const { LaunchTemplates } = await ec2.send(new DescribeLaunchTemplatesCommand({}));
  const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}));
  return {
    vpcs: Vpcs,
    subnets: inOurs((await ec2.send(new DescribeSubnetsCommand({}))).Subnets),
    securityGroups: inOurs((await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups),
    routeTables: inOurs((await ec2.send(new DescribeRouteTablesCommand({}))).RouteTables),
    internetGateways: InternetGateways.filter(({ Attachments = [] }) =>
      Attachments.every(({ VpcId }) => ours.has(VpcId)),
    ),
    natGateways: NatGateways.filter(({ State }) => State !== 'deleted' && State !== 'deleting'),
    addresses: (await ec2.send(new DescribeAddressesCommand({}))).Addresses ?? [],
    vpcEndpoints: (await ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints ?? [],
    instances: Reservations.flatMap(({ Instances = [] }) => Instances).filter(
      ({ State }) => State?.Name !== 'terminated' && State?.Name !== 'shutting-down',
    ),
    volumes: (await ec2.send(new DescribeVolumesCommand({}))).Volumes ?? [],
    launchTemplates: await each(LaunchTemplates, async ({ LaunchTemplateId, ...template }) => {
      const latest = { LaunchTemplateId, Versions: ['$Latest'] };
      const { LaunchTemplateVersions } = await ec2.send(new DescribeLaunchTemplateVersionsCommand(latest));
      return { LaunchTemplateId, ...template, latest: LaunchTemplateVersions };
    }),
  };
}

async function balancing(client: TestEmulator['client']) {
  const elb = new ElasticLoadBalancingV2Client(client);
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  return {
    loadBalancers: LoadBalancers,
    targetGroups: (await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups ?? [],
    listeners: (
      await each(LoadBalancers, async ({ LoadBalancerArn }) => {
        return (await elb.send(new DescribeListenersCommand({ LoadBalancerArn }))).Listeners ?? [];
      })
    ).flat(),
  };
}

async function homes(client: TestEmulator['client']) {
  const efs = new EFSClient(client);
  const { FileSystems = [] } = await efs.send(new DescribeFileSystemsCommand({}));
  return {
    fileSystems: FileSystems,
    accessPoints: (await efs.send(new DescribeAccessPointsCommand({}))).AccessPoints ?? [],
    mountTargets: (
      await each(FileSystems, async ({ FileSystemId }) => {
        return (await efs.send(new DescribeMountTargetsCommand({ FileSystemId }))).MountTargets ?? [];
      })
    ).flat(),
  };
}

async function identities(client: TestEmulator['client']) {
  const iam = new IAMClient(client);
  const { Roles } = await iam.send(new ListRolesCommand({}));
  return {
    roles: await each(Roles, async ({ RoleName, ...role }) => {
      const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      const policies = await each(PolicyNames, async (PolicyName) => {
        return (await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))).PolicyDocument;
      });
      return { RoleName, ...role, policies };
    }),
    instanceProfiles: (await iam.send(new ListInstanceProfilesCommand({}))).InstanceProfiles ?? [],
  };
}

async function rest(client: TestEmulator['client']) {
  const acm = new ACMClient(client);
  const sns = new SNSClient(client);
  const route53 = new Route53Client(client);
  const { CertificateSummaryList } = await acm.send(new ListCertificatesCommand({}));
  const { HostedZones } = await route53.send(new ListHostedZonesCommand({}));
  const parameters = await new SSMClient(client).send(
    new GetParametersByPathCommand({ Path: '/jenkins-aws', Recursive: true }),
  );
  return {
    groups:
      (await new AutoScalingClient(client).send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups ?? [],
    alarms: (await new CloudWatchClient(client).send(new DescribeAlarmsCommand({}))).MetricAlarms ?? [],
    logGroups: (await new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand({}))).logGroups ?? [],
    topics: (await sns.send(new ListTopicsCommand({}))).Topics ?? [],
    subscriptions: (await sns.send(new ListSubscriptionsCommand({}))).Subscriptions ?? [],
    parameters: parameters.Parameters ?? [],
    buckets: (await new S3Client({ ...client, forcePathStyle: true }).send(new ListBucketsCommand({}))).Buckets ?? [],
    certificates: await each(CertificateSummaryList, async ({ CertificateArn }) => {
      return (await acm.send(new DescribeCertificateCommand({ CertificateArn }))).Certificate;
    }),
    records: (
      await each(HostedZones, async ({ Id }) => {
        return (await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id }))).ResourceRecordSets ?? [];
      })
    ).flat(),
  };
}

async function stacksIn(client: TestEmulator['client']) {
  const cloudFormation = new CloudFormationClient(client);
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({}));
  const names = new Map<string, string>();
  const stacks = await each(Stacks, async ({ StackName = '', StackId = '', StackStatus, ...stack }) => {
    const { StackResourceSummaries = [] } = await cloudFormation.send(new ListStackResourcesCommand({ StackName }));
    names.set(StackId, `<${StackName}>`);
    for (const { PhysicalResourceId = '', LogicalResourceId } of StackResourceSummaries) {
      names.set(PhysicalResourceId, `<${StackName}/${LogicalResourceId}>`);
    }
    const { TemplateBody } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
    const { Parameters, Outputs, Tags, EnableTerminationProtection } = stack;
    // Created, updated or rolled back is how it came to be, not what it is.
    const status = StackStatus?.replace(/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/, 'COMPLETE');
    const resources = StackResourceSummaries.map(({ LogicalResourceId, ResourceType }) => [
      LogicalResourceId,
      ResourceType,
    ]);
    return { StackName, status, Parameters, Outputs, Tags, EnableTerminationProtection, TemplateBody, resources };
  });
  return { stacks, names };
}

/**
 * Reads what is in the emulator from the services themselves, not from what CloudFormation believes. Two snapshots are
 * equal when the same things are there with the same properties and tags, whatever ids they got and when.
 */
export async function takeSnapshot({ client }: TestEmulator): Promise<Snapshot> {
  const { stacks, names } = await stacksIn(client);
  const parts = await Promise.all([network, balancing, homes, identities, rest].map((look) => look(client)));
  return normalize(Object.assign({ stacks }, ...parts), names);
}
