import type { PolicyCondition } from './policy-document.js';
import {
  any,
  everything,
  everythingTagged,
  keysOf,
  launched,
  type MakeScope,
  made,
  named,
  ofAccount,
  ours,
  owned,
  retagged,
  type ScopeContext,
  taggedBy,
  taggedInSecondCall,
  viaService,
} from './resource-scopes.js';
import { servicePrincipal } from './service-principal.js';

const CANNOT = (service: string) => `${service} cannot limit this action to resources`;
const describes = (service: string) => everything(`${CANNOT(service)}; it only reads`);

const boundary = ({ permissionsBoundary }: ScopeContext): PolicyCondition | undefined =>
  permissionsBoundary === undefined ? undefined : { StringEquals: { 'iam:PermissionsBoundary': permissionsBoundary } };

/** Both names, because policies in China know EC2 by either. */
const toInstances = ({ partition }: ScopeContext): PolicyCondition => {
  const ec2 = servicePrincipal('ec2');
  return { StringEquals: { 'iam:PassedToService': partition === 'aws-cn' ? [ec2, `${ec2}.cn`] : [ec2] } };
};

/** The services that make a role of their own in an account that never used them, by the type that brings it about. */
const SERVICE_ROLES: Readonly<Record<string, string>> = {
  'AWS::AutoScaling::AutoScalingGroup': servicePrincipal('autoscaling'),
  'AWS::EFS::FileSystem': servicePrincipal('elasticfilesystem'),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': servicePrincipal('elasticloadbalancing'),
};

const serviceRoles: MakeScope = ({ partition, accountId, names }) => {
  const services = Object.entries(SERVICE_ROLES).flatMap(([type, service]) => (names.types.has(type) ? [service] : []));
  return {
    resources: services.map((service) => `arn:${partition}:iam::${accountId}:role/aws-service-role/${service}/*`),
    condition: { StringEquals: { 'iam:AWSServiceName': services } },
    indirect: true,
    why: 'the role of the service itself, which it makes in an account that never used it',
  };
};

/** Only the names that the templates write, and below them, where a certificate proves that the domain is ours. */
const records: MakeScope = (context) => {
  const scope = named('hostedZone')(context);
  const { recordNames } = context.names;
  if (recordNames.length === 0) return scope;
  const values = recordNames.flatMap((name) => [name, `*.${name}`]);
  return {
    ...scope,
    condition: { 'ForAllValues:StringLike': { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': values } },
    why: 'these records in these zones',
  };
};

/** For the domains that the templates name; with the tag, or with none yet. */
const certificates: MakeScope = (context) => {
  const { certificateNames } = context.names;
  const { condition } = made('certificate')(context);
  return {
    resources: ['*'],
    condition: {
      ...condition,
      ...(certificateNames.length === 0
        ? {}
        : { 'ForAllValues:StringEquals': { 'acm:DomainNames': certificateNames } }),
    },
    why: 'ACM invents the ARN; only for these domains, where the templates name them',
  };
};

const everyAlarm: MakeScope = ({ partition, region, accountId }) => ({
  resources: [`arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*`],
  why: 'CloudWatch asks for all alarms of the account where the call names none in full; it only reads',
});

const changes: MakeScope = ({ partition }) => ({
  resources: [`arn:${partition}:route53:::change/*`],
  why: 'Route 53 invents the ids of changes',
});

const EC2_TAGGED = [
  'elastic-ip',
  'internet-gateway',
  'launch-template',
  'natgateway',
  'route-table',
  'security-group',
  'subnet',
  'vpc',
  'vpc-endpoint',
] as const;

/** The calls that make them, which are the only ones that may tag them while they are made. */
const EC2_CREATES = [
  'AllocateAddress',
  'CreateInternetGateway',
  'CreateLaunchTemplate',
  'CreateNatGateway',
  'CreateRouteTable',
  'CreateSecurityGroup',
  'CreateSubnet',
  'CreateVpc',
  'CreateVpcEndpoint',
];

const BALANCER = ['loadbalancer', 'targetgroup', 'listener'] as const;

/** To what each action is limited. Several scopes stand for several statements: EC2 asks for each resource of a call. */
export const ACTION_SCOPES: Readonly<Record<string, readonly MakeScope[]>> = {
  ...all('acm', { RequestCertificate: [certificates] }),
  ...all(
    'acm',
    each(
      'DescribeCertificate ListTagsForCertificate DeleteCertificate UpdateCertificateOptions RemoveTagsFromCertificate',
      owned('certificate'),
    ),
  ),
  ...all('acm', { AddTagsToCertificate: [retagged('certificate'), taggedInSecondCall('certificate')] }),

  ...all(
    'autoscaling',
    each(
      `CreateAutoScalingGroup UpdateAutoScalingGroup DeleteAutoScalingGroup CreateOrUpdateTags DeleteTags
    AttachLoadBalancerTargetGroups DetachLoadBalancerTargetGroups AttachTrafficSources DetachTrafficSources
    AttachLoadBalancers DetachLoadBalancers SuspendProcesses ResumeProcesses TerminateInstanceInAutoScalingGroup
    EnableMetricsCollection DisableMetricsCollection PutNotificationConfiguration DeleteNotificationConfiguration
    PutLifecycleHook DeleteLifecycleHook`,
      named('group'),
    ),
  ),
  ...all(
    'autoscaling',
    each(
      `DescribeAutoScalingGroups DescribeAutoScalingInstances DescribeInstanceRefreshes
    DescribeLifecycleHooks DescribeLoadBalancerTargetGroups DescribeLoadBalancers DescribeNotificationConfigurations
    DescribeScalingActivities DescribeScheduledActions DescribeTags DescribeTrafficSources DescribeWarmPool`,
      describes('Auto Scaling'),
    ),
  ),

  ...all(
    'cloudwatch',
    each('PutMetricAlarm DeleteAlarms TagResource UntagResource ListTagsForResource', named('alarm')),
  ),

  ...all('cloudwatch', { DescribeAlarms: [everyAlarm] }),

  ...all(
    'ec2',
    each(
      `DescribeAccountAttributes DescribeAddresses DescribeAvailabilityZones DescribeImages DescribeInstances
    DescribeInstanceTypes DescribeInternetGateways DescribeLaunchTemplates DescribeLaunchTemplateVersions
    DescribeNatGateways DescribeNetworkAcls DescribeNetworkInterfaces DescribeRouteTables DescribeSecurityGroups
    DescribeSecurityGroupRules DescribeSubnets DescribeVpcs DescribeVpcEncryptionControls DescribeVpcEndpoints
    DescribeVpnGateways`,
      describes('EC2'),
    ),
  ),
  ...all('ec2', {
    AllocateAddress: [made('elastic-ip')],
    AssociateAddress: [owned('elastic-ip'), owned('instance')],
    AssociateRouteTable: [owned('route-table'), owned('subnet')],
    AssociateSubnetCidrBlock: [owned('subnet')],
    AttachInternetGateway: [owned('internet-gateway'), owned('vpc')],
    AuthorizeSecurityGroupEgress: [owned('security-group')],
    AuthorizeSecurityGroupIngress: [owned('security-group')],
    CreateInternetGateway: [made('internet-gateway')],
    CreateLaunchTemplate: [made('launch-template')],
    CreateLaunchTemplateVersion: [owned('launch-template')],
    CreateNatGateway: [made('natgateway'), owned('elastic-ip'), owned('subnet'), owned('vpc')],
    CreateNetworkInterface: [
      any('EFS makes the interface of a mount target in the caller’s name, without tags', 'network-interface'),
      owned('subnet'),
      owned('security-group'),
    ].map(viaService),
    CreateRoute: [owned('route-table')],
    CreateRouteTable: [made('route-table'), owned('vpc')],
    CreateSecurityGroup: [made('security-group'), owned('vpc')],
    CreateSubnet: [made('subnet'), owned('vpc')],
    CreateTags: [
      taggedBy(EC2_CREATES, ...EC2_TAGGED),
      retagged(...EC2_TAGGED),
      taggedInSecondCall('elastic-ip', 'security-group'),
      viaService(taggedBy(['RunInstances'], 'instance', 'volume')),
    ],
    CreateVpc: [made('vpc')],
    CreateVpcEndpoint: [
      made('vpc-endpoint'),
      owned('vpc'),
      owned('route-table'),
      owned('subnet'),
      owned('security-group'),
    ],
    DeleteInternetGateway: [owned('internet-gateway')],
    DeleteLaunchTemplate: [owned('launch-template')],
    DeleteNatGateway: [owned('natgateway')],
    DeleteNetworkInterface: [viaService(any('the interface of a mount target has no tags', 'network-interface'))],
    DeleteRoute: [owned('route-table')],
    DeleteRouteTable: [owned('route-table')],
    DeleteSecurityGroup: [owned('security-group')],
    DeleteSubnet: [owned('subnet')],
    DeleteTags: [ours(...EC2_TAGGED)],
    DeleteVpc: [owned('vpc')],
    DeleteVpcEndpoints: [owned('vpc-endpoint')],
    DescribeVpcAttribute: [any('it only reads, and a VPC that is being made may have no tags yet', 'vpc')],
    DetachInternetGateway: [owned('internet-gateway'), owned('vpc')],
    DisassociateAddress: [owned('elastic-ip')],
    DisassociateRouteTable: [owned('route-table'), owned('subnet')],
    DisassociateSubnetCidrBlock: [owned('subnet')],
    ModifyLaunchTemplate: [owned('launch-template')],
    ModifyNetworkInterfaceAttribute: [
      any('the interface of a mount target has no tags', 'network-interface'),
      owned('security-group'),
    ].map(viaService),
    ModifySubnetAttribute: [owned('subnet')],
    ModifyVpcAttribute: [owned('vpc')],
    ModifyVpcEndpoint: [owned('vpc-endpoint'), owned('route-table'), owned('subnet'), owned('security-group')],
    ReleaseAddress: [owned('elastic-ip')],
    ReplaceRoute: [owned('route-table')],
    ReplaceRouteTableAssociation: [owned('route-table'), owned('subnet')],
    RevokeSecurityGroupEgress: [owned('security-group')],
    RevokeSecurityGroupIngress: [owned('security-group')],
    RunInstances: [
      launched,
      owned('launch-template'),
      owned('security-group'),
      owned('subnet'),
      any('EC2 makes the interface of an instance without tags', 'network-interface'),
      any('images and their snapshots are AWS’s or another account’s', 'image', 'snapshot'),
    ].map(viaService),
    UpdateSecurityGroupRuleDescriptionsEgress: [owned('security-group')],
    UpdateSecurityGroupRuleDescriptionsIngress: [owned('security-group')],
  }),

  ...all('elasticfilesystem', {
    CreateFileSystem: [everythingTagged('EFS invents the id')],
    CreateAccessPoint: [owned('file-system')],
    DescribeAccessPoints: [any('EFS asks for both kinds, one of which may be new', 'access-point', 'file-system')],
    TagResource: [
      taggedBy(['CreateAccessPoint', 'CreateFileSystem'], 'access-point', 'file-system'),
      retagged('access-point', 'file-system'),
    ],
    UntagResource: [ours('access-point', 'file-system')],
    ListTagsForResource: [owned('access-point'), owned('file-system')],
    DeleteAccessPoint: [owned('access-point')],
  }),
  ...all(
    'elasticfilesystem',
    each(
      `DescribeFileSystems DescribeMountTargets DescribeMountTargetSecurityGroups DescribeBackupPolicy
    DescribeFileSystemPolicy DescribeLifecycleConfiguration DescribeReplicationConfigurations PutBackupPolicy PutFileSystemPolicy
    DeleteFileSystemPolicy PutLifecycleConfiguration UpdateFileSystem UpdateFileSystemProtection DeleteFileSystem
    CreateMountTarget DeleteMountTarget ModifyMountTargetSecurityGroups`,
      owned('file-system'),
    ),
  ),

  ...all('elasticloadbalancing', {
    AddTags: [
      taggedBy(['CreateListener', 'CreateLoadBalancer', 'CreateTargetGroup'], ...BALANCER),
      retagged(...BALANCER),
    ],
    CreateListener: [owned('loadbalancer')],
    CreateLoadBalancer: [made('loadbalancer')],
    CreateTargetGroup: [made('targetgroup')],
    RemoveTags: [ours(...BALANCER)],
  }),
  ...all('elasticloadbalancing', each('DeleteLoadBalancer SetIpAddressType SetSubnets', owned('loadbalancer'))),
  ...all('elasticloadbalancing', each('ModifyLoadBalancerAttributes SetSecurityGroups', owned('loadbalancer'))),
  ...all(
    'elasticloadbalancing',
    each('DeleteTargetGroup ModifyTargetGroup RegisterTargets DeregisterTargets', owned('targetgroup')),
  ),
  ...all('elasticloadbalancing', each('ModifyTargetGroupAttributes', owned('targetgroup'))),
  ...all('elasticloadbalancing', each('DeleteListener ModifyListener', owned('listener'))),
  ...all('elasticloadbalancing', each('ModifyListenerAttributes', owned('listener'))),
  ...all(
    'elasticloadbalancing',
    each(
      `DescribeCapacityReservation DescribeListenerAttributes DescribeListeners
    DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups
    DescribeTargetHealth`,
      describes('ELB'),
    ),
  ),

  ...all(
    'iam',
    each(
      'GetRole GetRolePolicy ListRolePolicies ListAttachedRolePolicies ListRoleTags DeleteRole TagRole UntagRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy',
      named('role'),
    ),
  ),
  ...all(
    'iam',
    each(
      'CreateRole PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy PutRolePermissionsBoundary',
      named('role', boundary),
    ),
  ),
  ...all(
    'iam',
    each(
      'CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile',
      named('instanceProfile'),
    ),
  ),
  ...all('iam', { PassRole: [named('role', toInstances)], CreateServiceLinkedRole: [serviceRoles] }),

  ...all('kms', each('DescribeKey GenerateDataKeyWithoutPlaintext CreateGrant', keysOf('elasticfilesystem'))),

  ...all(
    'logs',
    each(
      `CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy TagResource UntagResource
    ListTagsForResource GetDataProtectionPolicy PutDataProtectionPolicy DeleteDataProtectionPolicy AssociateKmsKey
    DisassociateKmsKey`,
      named('logGroup'),
    ),
  ),
  ...all('logs', each('DescribeLogGroups DescribeResourcePolicies', describes('CloudWatch Logs'))),

  ...all('route53', { ChangeResourceRecordSets: [records], GetChange: [changes] }),
  ...all('route53', each('ListResourceRecordSets GetHostedZone', named('hostedZone'))),

  ...all('s3', { CreateBucket: [named('bucket')] }),
  ...all(
    's3',
    each(
      `DeleteBucket ListBucket GetBucketPolicy PutBucketPolicy DeleteBucketPolicy PutBucketTagging
    PutEncryptionConfiguration PutLifecycleConfiguration PutBucketOwnershipControls PutBucketPublicAccessBlock
    PutBucketVersioning PutBucketLogging PutBucketNotification PutBucketCORS GetBucketVersioning
    GetEncryptionConfiguration GetBucketPublicAccessBlock GetLifecycleConfiguration GetBucketOwnershipControls
    GetBucketTagging GetBucketLogging GetBucketNotification GetBucketCORS GetBucketWebsite GetAccelerateConfiguration
    GetAnalyticsConfiguration GetInventoryConfiguration GetMetricsConfiguration GetReplicationConfiguration
    GetBucketObjectLockConfiguration GetIntelligentTieringConfiguration
    GetBucketAcl GetBucketMetadataTableConfiguration`,
      named('bucket', ofAccount),
    ),
  ),

  ...all(
    'sns',
    each(
      `CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes TagResource UntagResource ListTagsForResource
    Subscribe Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes ListSubscriptionsByTopic
    GetDataProtectionPolicy PutDataProtectionPolicy`,
      named('topic'),
    ),
  ),

  ...all(
    'ssm',
    each(
      'PutParameter DeleteParameter GetParameters AddTagsToResource RemoveTagsFromResource ListTagsForResource',
      named('parameter'),
    ),
  ),
};

function each(actions: string, scope: MakeScope): Record<string, readonly MakeScope[]> {
  return Object.fromEntries(actions.split(/\s+/).map((action) => [action, [scope]]));
}

function all(service: string, scopes: Record<string, readonly MakeScope[]>): Record<string, readonly MakeScope[]> {
  return Object.fromEntries(Object.entries(scopes).map(([action, made]) => [`${service}:${action}`, made]));
}
