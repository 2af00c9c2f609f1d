const NETWORK = 'part of a VPC, which has no charge';
const RULE = 'a rule, without a charge';
const IDENTITY = 'IAM has no charge';
const LAUNCH = 'a description of instances; the running ones are charged';
const SCALING = 'EC2 Auto Scaling has no charge; its instances have';
const BALANCER = 'charged as capacity of its load balancer';
const HOME = 'charged as storage of its file system';
const POLICY = 'a policy, without a charge';
const STACK = 'CloudFormation has no charge for it';

/** Resource types that have no charge of their own, each with the reason. A type that is missing here is not free. */
export const FREE_RESOURCE_TYPES: Readonly<Record<string, string>> = {
  'AWS::AutoScaling::LifecycleHook': SCALING,
  'AWS::AutoScaling::ScalingPolicy': SCALING,
  'AWS::AutoScaling::ScheduledAction': SCALING,
  'AWS::CDK::Metadata': STACK,
  'AWS::CloudFormation::WaitCondition': STACK,
  'AWS::CloudFormation::WaitConditionHandle': STACK,
  'AWS::EC2::DHCPOptions': NETWORK,
  'AWS::EC2::EIPAssociation': 'charged as its Elastic IP',
  'AWS::EC2::InternetGateway': NETWORK,
  'AWS::EC2::LaunchTemplate': LAUNCH,
  'AWS::EC2::NetworkAcl': RULE,
  'AWS::EC2::NetworkAclEntry': RULE,
  'AWS::EC2::Route': RULE,
  'AWS::EC2::RouteTable': NETWORK,
  'AWS::EC2::SecurityGroup': RULE,
  'AWS::EC2::SecurityGroupEgress': RULE,
  'AWS::EC2::SecurityGroupIngress': RULE,
  'AWS::EC2::Subnet': NETWORK,
  'AWS::EC2::SubnetNetworkAclAssociation': NETWORK,
  'AWS::EC2::SubnetRouteTableAssociation': NETWORK,
  'AWS::EC2::VPC': NETWORK,
  'AWS::EC2::VPCDHCPOptionsAssociation': NETWORK,
  'AWS::EC2::VPCGatewayAttachment': NETWORK,
  'AWS::EC2::VolumeAttachment': 'charged as its volume',
  'AWS::EFS::AccessPoint': HOME,
  'AWS::EFS::MountTarget': HOME,
  'AWS::ElasticLoadBalancingV2::Listener': BALANCER,
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': BALANCER,
  'AWS::ElasticLoadBalancingV2::ListenerRule': BALANCER,
  'AWS::ElasticLoadBalancingV2::TargetGroup': BALANCER,
  'AWS::IAM::InstanceProfile': IDENTITY,
  'AWS::IAM::ManagedPolicy': IDENTITY,
  'AWS::IAM::Policy': IDENTITY,
  'AWS::IAM::Role': IDENTITY,
  'AWS::IAM::RolePolicy': IDENTITY,
  'AWS::IAM::ServiceLinkedRole': IDENTITY,
  'AWS::KMS::Alias': 'charged as its key',
  'AWS::Logs::ResourcePolicy': POLICY,
  'AWS::S3::BucketPolicy': POLICY,
  'AWS::SNS::TopicPolicy': POLICY,
  'AWS::SecretsManager::ResourcePolicy': POLICY,
};
