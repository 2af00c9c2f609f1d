const SECOND_RULE = 'an equal rule is still there when the new one is made: AWS refuses it and the deploy rolls back';
const NAME_TAKEN = 'its name is still taken when the new one is made: the deploy fails and rolls back';

/**
 * What happens to a running platform when CloudFormation meets a resource under another logical id: it makes a new one,
 * and after that it deletes the old one, or leaves it behind where it is retained. Types that are not here can be made
 * anew without anybody noticing.
 *
 * @type {Record<string, string>}
 */
export const CONSEQUENCES = {
  'AWS::EFS::FileSystem':
    'a new, empty home is made and the controller starts on it as a new Jenkins; every job stays behind on the old one',
  'AWS::EFS::AccessPoint':
    'the controller mounts the home by it: its instance is replaced, and the old access point stays behind',
  'AWS::EFS::MountTarget':
    'a file system has one mount target a zone: AWS refuses the second one and the deploy rolls back',
  'AWS::EC2::VPC':
    'everything in the network would be made anew in another one, the home with it, and the old one cannot go while it is used',
  'AWS::EC2::Subnet':
    'the old one still has its addresses when the new one is made: AWS refuses it, the deploy rolls back',
  'AWS::EC2::RouteTable': 'its subnets are without a way out until they are with the new one',
  'AWS::EC2::SubnetRouteTableAssociation':
    'a subnet has one route table: AWS refuses the second association and the deploy rolls back',
  'AWS::EC2::Route':
    'the table still has a route there when the new one is made: AWS refuses it, the deploy rolls back',
  'AWS::EC2::InternetGateway': 'a VPC has one: AWS refuses to attach the second one and the deploy rolls back',
  'AWS::EC2::VPCGatewayAttachment': 'a VPC has one gateway: AWS refuses the second attachment, the deploy rolls back',
  'AWS::EC2::NatGateway': 'its address is still with the old one: AWS refuses the new one and the deploy rolls back',
  'AWS::EC2::EIP': 'Jenkins comes from another address, and whoever lets in only the old one shuts it out',
  'AWS::EC2::SecurityGroup': 'who names its id in a rule of their own, such as a database, shuts Jenkins out',
  'AWS::EC2::SecurityGroupIngress': SECOND_RULE,
  'AWS::EC2::SecurityGroupEgress': SECOND_RULE,
  'AWS::AutoScaling::AutoScalingGroup':
    'the new group starts a second controller on the home before the first one is stopped',
  'AWS::ElasticLoadBalancingV2::LoadBalancer':
    'it has another DNS name: bookmarks, webhooks and agents that use the old one find nobody',
  'AWS::ElasticLoadBalancingV2::Listener':
    'a balancer has one listener a port: AWS refuses the second one and the deploy rolls back',
  'AWS::CertificateManager::Certificate': 'another certificate is made and has to be validated again',
  'AWS::Route53::RecordSet': NAME_TAKEN,
  'AWS::SNS::Topic': 'everybody who gets the alarms by mail has to confirm again, and gets none until then',
  'AWS::SSM::Parameter': NAME_TAKEN,
  'AWS::Logs::LogGroup': NAME_TAKEN,
  'AWS::S3::Bucket': 'a new, empty bucket is made; what is in the old one is not found any more',
  'AWS::KMS::Key': 'the old key is scheduled for deletion, and with it goes all that it encrypts',
};

/** What happens to those who use a template when it has not that name any more. */
export const SECTIONS = {
  Parameters: 'who passes it is refused: the template does not know it',
  Outputs: 'who reads it, such as a parent stack or Terraform, finds nothing',
};

export const STACK_GONE = 'the same under another stack name is another stack: all of it is made a second time';
export const FILE_GONE = 'who deploys the file from the package does not find it';
