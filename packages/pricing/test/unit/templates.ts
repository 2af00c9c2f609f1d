import {
  type CostEstimate,
  type CostLine,
  estimateMonthlyCost,
  FREE_RESOURCE_TYPES,
  type NamedTemplate,
  type UsageAssumptions,
} from '../../src/index.js';

export const REGIONS = ['us-east-1', 'eu-central-1', 'ap-southeast-2', 'eu-north-1', 'cn-north-1'];

const PRICED_RESOURCE_TYPES = [
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::CertificateManager::Certificate',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::EC2::EIP',
  'AWS::EC2::Instance',
  'AWS::EC2::NatGateway',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::Volume',
  'AWS::ECR::Repository',
  'AWS::EFS::FileSystem',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::Route53::HostedZone',
  'AWS::Route53::RecordSet',
  'AWS::Route53::RecordSetGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SSM::Parameter',
  'AWS::SecretsManager::Secret',
];

export const RESOURCE_TYPES = [...PRICED_RESOURCE_TYPES, ...Object.keys(FREE_RESOURCE_TYPES), 'AWS::RDS::DBInstance'];

export const network: NamedTemplate = {
  name: 'network',
  template: {
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC' },
      SubnetA: { Type: 'AWS::EC2::Subnet' },
      SubnetB: { Type: 'AWS::EC2::Subnet' },
      Address: { Type: 'AWS::EC2::EIP' },
      Nat: {
        Type: 'AWS::EC2::NatGateway',
        Properties: { AllocationId: { 'Fn::GetAtt': ['Address', 'AllocationId'] } },
      },
      PublicSubnets: {
        Type: 'AWS::SSM::Parameter',
        Properties: {
          Name: '/network/public-subnets',
          Value: { 'Fn::Join': [',', [{ Ref: 'SubnetA' }, { Ref: 'SubnetB' }]] },
        },
      },
    },
  },
};

export const controller: NamedTemplate = {
  name: 'controller',
  template: {
    Parameters: {
      Subnets: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/network/public-subnets' },
      InstanceType: { Type: 'String', Default: 'm7i.large' },
    },
    Resources: {
      Launch: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateData: {
            InstanceType: { Ref: 'InstanceType' },
            BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeType: 'gp3', VolumeSize: 30 } }],
          },
        },
      },
      Group: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: { MinSize: '1', MaxSize: '1', LaunchTemplate: { LaunchTemplateId: { Ref: 'Launch' } } },
      },
      Balancer: {
        Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        Properties: { Scheme: 'internet-facing', Type: 'application', Subnets: { Ref: 'Subnets' } },
      },
      Home: { Type: 'AWS::EFS::FileSystem', Properties: { ThroughputMode: 'elastic' } },
      CpuAlarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Period: 60 } },
      StatusAlarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Period: 300 } },
      Log: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 90 } },
      Topic: { Type: 'AWS::SNS::Topic' },
      Mail: { Type: 'AWS::SNS::Subscription', Properties: { Protocol: 'email' } },
    },
  },
};

export function estimate(
  templates: readonly NamedTemplate[],
  region = 'us-east-1',
  usage: Partial<UsageAssumptions> = {},
): CostEstimate {
  return estimateMonthlyCost({ templates, region, usage });
}

/** The estimate of one resource, called Thing, beside `others`. */
export function one(
  type: string,
  properties: object,
  region = 'us-east-1',
  others: object = {},
  usage: Partial<UsageAssumptions> = {},
): CostEstimate {
  const template = {
    Parameters: { P: { Type: 'String', Default: 'm7i.xlarge' }, Open: { Type: 'String' } },
    Resources: { Thing: { Type: type, Properties: properties }, ...others },
  };
  return estimate([{ name: 'stack', template }], region, usage);
}

export function line(result: CostEstimate, what: string): CostLine {
  const found = result.lines.find((item) => item.what === what);
  if (found === undefined)
    throw new Error(`no line '${what}' among ${result.lines.map((item) => item.what).join(', ')}`);
  return found;
}

/** Each line as `what: quantity unit`. */
export function quantities(result: CostEstimate): readonly string[] {
  return result.lines.map(({ what, quantity, unit }) => `${what}: ${quantity} ${unit}`);
}
