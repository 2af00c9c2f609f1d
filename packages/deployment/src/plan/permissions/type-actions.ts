/**
 * What CloudFormation calls to make, read, change and delete a resource of one type. Actions are words; those of another
 * service than `service` carry its prefix.
 */
export interface TypeActions {
  readonly service: string;
  readonly create: string;
  readonly read: string;
  readonly update: string;
  readonly delete: string;
  /** Only where a template sets this property: its name, then the actions. */
  readonly whenSet?: Readonly<Record<string, string>>;
  /** What the source lists beside them and why it is not granted. */
  readonly leftOut?: Readonly<Record<string, string>>;
  /** Where the actions come from. Default: {@link REGISTRY}. */
  readonly source?: string;
  /** Those of the actions above that the source does not list: the actions, then where they come from. */
  readonly beside?: Readonly<Record<string, string>>;
}

/** Where most entries come from: AWS publishes a schema of each type, with the permissions of each handler. */
export const REGISTRY = 'resource schema of CloudFormation’s registry, handlers.*.permissions, August 2026';

const NOT_USED = 'for a feature that the templates do not use';
const LATTICE = { 'vpc-lattice:*': 'for VPC Lattice, which the templates do not use' };
const EDGE = {
  'vpce:AllowMultiRegion': 'for endpoints to services of another region, which the templates do not make',
};
const SERVICE_ROLE_FOR = 'iam:CreateServiceLinkedRole';

/** Every type that can be granted. A type that is missing here is refused, never passed over. */
export const TYPE_ACTIONS: Readonly<Record<string, TypeActions>> = {
  'AWS::AutoScaling::AutoScalingGroup': {
    service: 'autoscaling',
    create: `CreateAutoScalingGroup UpdateAutoScalingGroup CreateOrUpdateTags ec2:RunInstances ec2:CreateTags iam:PassRole ${SERVICE_ROLE_FOR}`,
    read: `DescribeAutoScalingGroups DescribeAutoScalingInstances DescribeInstanceRefreshes DescribeLifecycleHooks
      DescribeLoadBalancerTargetGroups DescribeNotificationConfigurations DescribeScalingActivities DescribeScheduledActions
      DescribeTags DescribeTrafficSources DescribeWarmPool ec2:DescribeAvailabilityZones ec2:DescribeImages
      ec2:DescribeInstances ec2:DescribeInstanceTypes ec2:DescribeLaunchTemplates ec2:DescribeLaunchTemplateVersions
      ec2:DescribeSecurityGroups ec2:DescribeSubnets elasticloadbalancing:DescribeTargetGroups
      elasticloadbalancing:DescribeTargetHealth`,
    update: `UpdateAutoScalingGroup CreateOrUpdateTags DeleteTags AttachLoadBalancerTargetGroups DetachLoadBalancerTargetGroups
      AttachTrafficSources DetachTrafficSources SuspendProcesses ResumeProcesses TerminateInstanceInAutoScalingGroup`,
    delete: 'DeleteAutoScalingGroup UpdateAutoScalingGroup',
    whenSet: {
      MetricsCollection: 'EnableMetricsCollection DisableMetricsCollection',
      NotificationConfigurations: 'PutNotificationConfiguration DeleteNotificationConfiguration',
      LoadBalancerNames:
        'AttachLoadBalancers DetachLoadBalancers DescribeLoadBalancers elasticloadbalancing:DescribeLoadBalancers',
      LifecycleHookSpecificationList: 'PutLifecycleHook DeleteLifecycleHook',
    },
    leftOut: {
      ...LATTICE,
      'autoscaling:Describe*': 'those that concern a group are named one by one',
      'autoscaling:StartInstanceRefresh': NOT_USED,
      'autoscaling:CancelInstanceRefresh': NOT_USED,
      'cloudwatch:PutMetricAlarm': 'for predictive scaling, which the templates do not use',
      'ec2:Describe*': 'those that a group with a launch template needs are named one by one',
      'ec2:Get*':
        'for launch templates made from an instance and for instance requirements, which the templates do not use',
      'elasticloadbalancing:Describe*': 'those of target groups are named one by one',
      'managed-fleets:*': NOT_USED,
      'ssm:Get*':
        'for images named by an SSM parameter in the launch template itself; here CloudFormation resolves them',
    },
    beside: {
      'SuspendProcesses ResumeProcesses TerminateInstanceInAutoScalingGroup': 'CloudFormation user guide, UpdatePolicy',
      'ec2:CreateTags': 'EC2 user guide: a launch template with tags needs it',
      DescribeLoadBalancers: 'API reference: the read form of AttachLoadBalancers',
    },
  },
  'AWS::CertificateManager::Certificate': {
    service: 'acm',
    create: 'RequestCertificate AddTagsToCertificate',
    read: 'DescribeCertificate ListTagsForCertificate',
    update: 'UpdateCertificateOptions AddTagsToCertificate RemoveTagsFromCertificate',
    delete: 'DeleteCertificate RemoveTagsFromCertificate',
    whenSet: { DomainValidationOptions: 'route53:ChangeResourceRecordSets' },
    leftOut: { 'acm-pca:*': 'for certificates of a private authority, which the templates do not make' },
  },
  'AWS::CloudFormation::WaitConditionHandle': {
    service: 'cloudformation',
    create: '',
    read: '',
    update: '',
    delete: '',
    source: 'exists inside CloudFormation only',
  },
  'AWS::CloudWatch::Alarm': {
    service: 'cloudwatch',
    create: 'PutMetricAlarm TagResource',
    read: 'DescribeAlarms ListTagsForResource',
    update: 'PutMetricAlarm TagResource UntagResource',
    delete: 'DeleteAlarms',
  },
  'AWS::EC2::EIP': {
    service: 'ec2',
    create: 'AllocateAddress CreateTags',
    read: 'DescribeAddresses',
    update: 'CreateTags DeleteTags',
    delete: 'ReleaseAddress DisassociateAddress',
    whenSet: { InstanceId: 'AssociateAddress' },
    leftOut: { 'ec2:AcceptAddressTransfer': NOT_USED },
  },
  'AWS::EC2::InternetGateway': {
    service: 'ec2',
    create: 'CreateInternetGateway CreateTags',
    read: 'DescribeInternetGateways',
    update: 'CreateTags DeleteTags',
    delete: 'DeleteInternetGateway',
  },
  'AWS::EC2::LaunchTemplate': {
    service: 'ec2',
    create: 'CreateLaunchTemplate CreateTags',
    read: 'DescribeLaunchTemplates DescribeLaunchTemplateVersions',
    update: 'CreateLaunchTemplateVersion ModifyLaunchTemplate',
    delete: 'DeleteLaunchTemplate DeleteTags',
    beside: {
      'DescribeLaunchTemplateVersions ModifyLaunchTemplate':
        'type reference: LatestVersionNumber and DefaultVersionNumber',
    },
  },
  'AWS::EC2::NatGateway': {
    service: 'ec2',
    create: 'CreateNatGateway CreateTags',
    read: 'DescribeNatGateways',
    update: 'CreateTags DeleteTags',
    delete: 'DeleteNatGateway',
    leftOut: {
      'ec2:AssociateNatGatewayAddress': NOT_USED,
      'ec2:DisassociateNatGatewayAddress': NOT_USED,
      'ec2:AssignPrivateNatGatewayAddress': NOT_USED,
      'ec2:UnassignPrivateNatGatewayAddress': NOT_USED,
    },
  },
  'AWS::EC2::Route': {
    service: 'ec2',
    create: 'CreateRoute DescribeNetworkInterfaces',
    read: 'DescribeRouteTables',
    update: 'ReplaceRoute DescribeNetworkInterfaces',
    delete: 'DeleteRoute',
  },
  'AWS::EC2::RouteTable': {
    service: 'ec2',
    create: 'CreateRouteTable CreateTags',
    read: 'DescribeRouteTables',
    update: 'CreateTags DeleteTags',
    delete: 'DeleteRouteTable',
  },
  'AWS::EC2::SecurityGroup': {
    service: 'ec2',
    create:
      'CreateSecurityGroup AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupEgress CreateTags',
    read: 'DescribeSecurityGroups',
    update: `AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress
      UpdateSecurityGroupRuleDescriptionsIngress UpdateSecurityGroupRuleDescriptionsEgress CreateTags DeleteTags`,
    delete: 'DeleteSecurityGroup DescribeInstances',
  },
  'AWS::EC2::SecurityGroupEgress': {
    service: 'ec2',
    create: 'AuthorizeSecurityGroupEgress RevokeSecurityGroupEgress',
    read: 'DescribeSecurityGroupRules',
    update: 'UpdateSecurityGroupRuleDescriptionsEgress',
    delete: 'RevokeSecurityGroupEgress',
  },
  'AWS::EC2::SecurityGroupIngress': {
    service: 'ec2',
    create: 'AuthorizeSecurityGroupIngress',
    read: 'DescribeSecurityGroups DescribeSecurityGroupRules',
    update: 'UpdateSecurityGroupRuleDescriptionsIngress',
    delete: 'RevokeSecurityGroupIngress',
  },
  'AWS::EC2::Subnet': {
    service: 'ec2',
    create: 'CreateSubnet ModifySubnetAttribute CreateTags DescribeAvailabilityZones',
    read: 'DescribeSubnets DescribeNetworkAcls',
    update: 'ModifySubnetAttribute CreateTags DeleteTags',
    delete: 'DeleteSubnet',
    whenSet: { Ipv6CidrBlock: 'AssociateSubnetCidrBlock DisassociateSubnetCidrBlock' },
    beside: { DescribeAvailabilityZones: 'CloudFormation user guide, Fn::GetAZs' },
  },
  'AWS::EC2::SubnetRouteTableAssociation': {
    service: 'ec2',
    create: 'AssociateRouteTable ReplaceRouteTableAssociation DescribeSubnets',
    read: 'DescribeRouteTables',
    update: '',
    delete: 'DisassociateRouteTable DescribeSubnets',
  },
  'AWS::EC2::VPC': {
    service: 'ec2',
    create: 'CreateVpc ModifyVpcAttribute CreateTags',
    read: 'DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls DescribeSecurityGroups DescribeVpcEncryptionControls',
    update: 'ModifyVpcAttribute CreateTags DeleteTags',
    delete: 'DeleteVpc',
    leftOut: { 'ec2:ModifyVpcTenancy': NOT_USED, 'ec2:CreateVpcEncryptionControl': NOT_USED },
  },
  'AWS::EC2::VPCEndpoint': {
    service: 'ec2',
    create: 'CreateVpcEndpoint DescribeVpcs DescribeSubnets DescribeSecurityGroups CreateTags',
    read: 'DescribeVpcEndpoints DescribeVpcs DescribeSubnets DescribeSecurityGroups',
    update: 'ModifyVpcEndpoint CreateTags DeleteTags',
    delete: 'DeleteVpcEndpoints',
    leftOut: { ...LATTICE, ...EDGE },
  },
  'AWS::EC2::VPCGatewayAttachment': {
    service: 'ec2',
    create: 'AttachInternetGateway DescribeVpnGateways',
    read: 'DescribeInternetGateways DescribeVpnGateways',
    update: 'AttachInternetGateway DetachInternetGateway',
    delete: 'DetachInternetGateway',
    leftOut: { 'ec2:AttachVpnGateway': NOT_USED, 'ec2:DetachVpnGateway': NOT_USED },
  },
  'AWS::EFS::AccessPoint': {
    service: 'elasticfilesystem',
    create: 'CreateAccessPoint TagResource',
    read: 'DescribeAccessPoints',
    update: 'ListTagsForResource TagResource UntagResource',
    delete: 'DeleteAccessPoint',
  },
  'AWS::EFS::FileSystem': {
    service: 'elasticfilesystem',
    create: `CreateFileSystem TagResource ${SERVICE_ROLE_FOR}`,
    read: `DescribeFileSystems DescribeBackupPolicy DescribeFileSystemPolicy DescribeLifecycleConfiguration
      DescribeReplicationConfigurations`,
    update: 'UpdateFileSystem TagResource UntagResource ListTagsForResource',
    delete: 'DeleteFileSystem',
    whenSet: {
      BackupPolicy: 'PutBackupPolicy',
      FileSystemPolicy: 'PutFileSystemPolicy DeleteFileSystemPolicy',
      LifecyclePolicies: 'PutLifecycleConfiguration',
      FileSystemProtection: 'UpdateFileSystemProtection',
      KmsKeyId: 'kms:DescribeKey kms:GenerateDataKeyWithoutPlaintext kms:CreateGrant',
    },
    leftOut: {
      'elasticfilesystem:CreateReplicationConfiguration': NOT_USED,
      'elasticfilesystem:DeleteReplicationConfiguration': NOT_USED,
      'elasticfilesystem:DeleteTags': 'replaced by UntagResource',
      'iam:PassRole': 'for replication, which the templates do not use',
    },
  },
  'AWS::EFS::MountTarget': {
    service: 'elasticfilesystem',
    create: 'CreateMountTarget ec2:DescribeSubnets ec2:DescribeNetworkInterfaces ec2:CreateNetworkInterface',
    read: 'DescribeMountTargets DescribeMountTargetSecurityGroups',
    update: 'ModifyMountTargetSecurityGroups ec2:ModifyNetworkInterfaceAttribute',
    delete: 'DeleteMountTarget ec2:DeleteNetworkInterface',
    beside: {
      'ec2:DescribeSubnets ec2:DescribeNetworkInterfaces ec2:CreateNetworkInterface':
        'EFS API reference, CreateMountTarget',
      'ec2:ModifyNetworkInterfaceAttribute': 'EFS API reference, ModifyMountTargetSecurityGroups',
      'ec2:DeleteNetworkInterface': 'EFS API reference, DeleteMountTarget',
    },
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    service: 'elasticloadbalancing',
    create: 'CreateListener AddTags ModifyListenerAttributes',
    read: 'DescribeListeners DescribeListenerAttributes DescribeTags',
    update: 'ModifyListener ModifyListenerAttributes AddTags RemoveTags',
    delete: 'DeleteListener',
    leftOut: { 'cognito-idp:DescribeUserPoolClient': 'for sign-in by Cognito, which the templates do not use' },
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    service: 'elasticloadbalancing',
    create: `CreateLoadBalancer ModifyLoadBalancerAttributes SetSecurityGroups AddTags ec2:DescribeAccountAttributes
      ec2:DescribeInternetGateways ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs ${SERVICE_ROLE_FOR}`,
    read: 'DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation DescribeTags',
    update: 'ModifyLoadBalancerAttributes SetSubnets SetIpAddressType SetSecurityGroups AddTags RemoveTags',
    delete: 'DeleteLoadBalancer',
    leftOut: {
      'elasticloadbalancing:ModifyCapacityReservation': NOT_USED,
      'elasticloadbalancing:ModifyIpPools': NOT_USED,
      'ec2:DescribeIpamPools': NOT_USED,
    },
    beside: {
      [`ec2:DescribeAccountAttributes ec2:DescribeInternetGateways ec2:DescribeSecurityGroups ec2:DescribeSubnets
        ec2:DescribeVpcs ${SERVICE_ROLE_FOR}`]:
        'ELB user guide, API permissions: it checks the caller’s view of the network',
    },
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    service: 'elasticloadbalancing',
    create: 'CreateTargetGroup ModifyTargetGroupAttributes AddTags',
    read: 'DescribeTargetGroups DescribeTargetGroupAttributes DescribeTargetHealth DescribeTags',
    update: 'ModifyTargetGroup ModifyTargetGroupAttributes AddTags RemoveTags',
    delete: 'DeleteTargetGroup',
    whenSet: { Targets: 'RegisterTargets DeregisterTargets' },
  },
  'AWS::IAM::InstanceProfile': {
    service: 'iam',
    create: 'CreateInstanceProfile AddRoleToInstanceProfile PassRole',
    read: 'GetInstanceProfile',
    update: 'AddRoleToInstanceProfile RemoveRoleFromInstanceProfile PassRole',
    delete: 'DeleteInstanceProfile RemoveRoleFromInstanceProfile',
  },
  'AWS::IAM::Policy': {
    service: 'iam',
    create: 'PutRolePolicy',
    read: 'GetRolePolicy',
    update: 'PutRolePolicy DeleteRolePolicy',
    delete: 'DeleteRolePolicy',
    leftOut: {
      'iam:PutUserPolicy': 'the policies belong to roles',
      'iam:PutGroupPolicy': 'the policies belong to roles',
    },
    source: 'API reference of PutRolePolicy: the type has no schema in the registry',
  },
  'AWS::IAM::Role': {
    service: 'iam',
    create: 'CreateRole TagRole GetRole',
    read: 'GetRole GetRolePolicy ListRolePolicies ListAttachedRolePolicies ListRoleTags',
    update: 'UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole',
    delete: 'DeleteRole DeleteRolePolicy',
    whenSet: {
      Policies: 'PutRolePolicy DeleteRolePolicy',
      ManagedPolicyArns: 'AttachRolePolicy DetachRolePolicy',
      PermissionsBoundary: 'PutRolePermissionsBoundary',
    },
    leftOut: { 'iam:DeleteRolePermissionsBoundary': 'a boundary that may be taken away binds nobody' },
  },
  'AWS::Logs::LogGroup': {
    service: 'logs',
    create: 'CreateLogGroup TagResource',
    read: 'DescribeLogGroups ListTagsForResource GetDataProtectionPolicy DescribeResourcePolicies',
    update: 'TagResource UntagResource',
    delete: 'DeleteLogGroup',
    whenSet: {
      RetentionInDays: 'PutRetentionPolicy DeleteRetentionPolicy',
      KmsKeyId: 'AssociateKmsKey DisassociateKmsKey',
      DataProtectionPolicy: 'PutDataProtectionPolicy DeleteDataProtectionPolicy',
    },
    leftOut: {
      'logs:CreateLogDelivery': NOT_USED,
      'logs:PutResourcePolicy': NOT_USED,
      's3:REST.PUT.OBJECT': 'is no action of IAM',
      'firehose:TagDeliveryStream': NOT_USED,
    },
  },
  'AWS::Route53::RecordSet': {
    service: 'route53',
    create: 'ChangeResourceRecordSets',
    read: 'GetChange ListResourceRecordSets GetHostedZone',
    update: 'ChangeResourceRecordSets',
    delete: 'ChangeResourceRecordSets',
    source: 'API reference of ChangeResourceRecordSets: the schema in the registry has no handlers',
  },
  'AWS::S3::Bucket': {
    service: 's3',
    create: 'CreateBucket ListBucket GetBucketAcl',
    read: `GetBucketVersioning GetEncryptionConfiguration GetBucketPublicAccessBlock GetLifecycleConfiguration
      GetBucketOwnershipControls GetBucketTagging GetBucketLogging GetBucketNotification GetBucketCORS GetBucketWebsite
      GetAccelerateConfiguration GetAnalyticsConfiguration GetInventoryConfiguration GetMetricsConfiguration
      GetReplicationConfiguration GetBucketObjectLockConfiguration GetIntelligentTieringConfiguration
      GetBucketMetadataTableConfiguration ListBucket`,
    update: 'PutBucketTagging',
    delete: 'DeleteBucket',
    whenSet: {
      BucketEncryption: 'PutEncryptionConfiguration',
      LifecycleConfiguration: 'PutLifecycleConfiguration',
      OwnershipControls: 'PutBucketOwnershipControls',
      PublicAccessBlockConfiguration: 'PutBucketPublicAccessBlock',
      VersioningConfiguration: 'PutBucketVersioning',
      LoggingConfiguration: 'PutBucketLogging',
      NotificationConfiguration: 'PutBucketNotification',
      CorsConfiguration: 'PutBucketCORS',
    },
    leftOut: {
      's3tables:*': NOT_USED,
      's3:PutBucketAcl': 'the bucket’s owner is the only one with access',
      's3:PutObjectAcl': 'the bucket’s owner is the only one with access',
      's3:DeleteObject': 'CloudFormation deletes no objects',
      's3:PutBucketObjectLockConfiguration': NOT_USED,
      's3:PutBucketReplication': NOT_USED,
      's3:PutReplicationConfiguration': NOT_USED,
      's3:PutBucketWebsite': NOT_USED,
      's3:PutAccelerateConfiguration': NOT_USED,
      's3:PutAnalyticsConfiguration': NOT_USED,
      's3:PutInventoryConfiguration': NOT_USED,
      's3:PutMetricsConfiguration': NOT_USED,
      's3:PutIntelligentTieringConfiguration': NOT_USED,
      's3:CreateBucketMetadataTableConfiguration': NOT_USED,
      's3:DeleteBucketMetadataTableConfiguration': NOT_USED,
      's3:DeleteBucketWebsite': NOT_USED,
      's3:PutObjectLockConfiguration': 'is no action of IAM',
      's3:DeleteBucketAnalyticsConfiguration': 'is no action of IAM',
      's3:DeleteBucketCors': 'is no action of IAM',
      's3:DeleteBucketEncryption': 'is no action of IAM',
      's3:DeleteBucketLifecycle': 'is no action of IAM',
      's3:DeleteBucketMetricsConfiguration': 'is no action of IAM',
      's3:DeleteBucketReplication': 'is no action of IAM',
      'iam:PassRole': 'for replication, which the templates do not use',
    },
  },
  'AWS::S3::BucketPolicy': {
    service: 's3',
    create: 'GetBucketPolicy PutBucketPolicy',
    read: 'GetBucketPolicy',
    update: 'PutBucketPolicy',
    delete: 'DeleteBucketPolicy',
  },
  'AWS::SNS::Subscription': {
    service: 'sns',
    create: 'Subscribe',
    read: 'GetSubscriptionAttributes',
    update: 'SetSubscriptionAttributes',
    delete: 'Unsubscribe',
    leftOut: {
      'iam:GetRole': 'for subscriptions of Firehose, which the templates do not make',
      'iam:PassRole': 'for subscriptions of Firehose, which the templates do not make',
    },
  },
  'AWS::SNS::Topic': {
    service: 'sns',
    create: 'CreateTopic TagResource',
    read: 'GetTopicAttributes ListTagsForResource ListSubscriptionsByTopic GetDataProtectionPolicy',
    update: 'SetTopicAttributes TagResource UntagResource',
    delete: 'DeleteTopic',
    whenSet: { Subscription: 'Subscribe Unsubscribe', DataProtectionPolicy: 'PutDataProtectionPolicy' },
    leftOut: {
      'iam:GetRole': 'for delivery logging, which the templates do not use',
      'iam:PassRole': 'for delivery logging, which the templates do not use',
    },
  },
  'AWS::SNS::TopicPolicy': {
    service: 'sns',
    create: 'SetTopicAttributes',
    read: 'GetTopicAttributes',
    update: 'SetTopicAttributes',
    delete: 'SetTopicAttributes',
    source: 'API reference of SetTopicAttributes: the type has no schema in the registry',
  },
  'AWS::SSM::Parameter': {
    service: 'ssm',
    create: 'PutParameter AddTagsToResource',
    read: 'GetParameters ListTagsForResource',
    update: 'PutParameter AddTagsToResource RemoveTagsFromResource',
    delete: 'DeleteParameter',
  },
};
