import type { Template } from './deploy-template.js';

const PARAMETER = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
const ref = (Ref: string) => ({ Ref });
const att = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });
const named = (name: string) => [{ Key: 'Name', Value: name }];

/** Two zones, public and private subnets, one NAT gateway. */
function network(): Record<string, object> {
  const subnet = (index: number, isPublic: boolean) => ({
    Type: 'AWS::EC2::Subnet',
    Properties: {
      VpcId: ref('Vpc'),
      AvailabilityZone: { 'Fn::Select': [index, { 'Fn::GetAZs': '' }] },
      CidrBlock: `10.7.${index + (isPublic ? 0 : 10)}.0/24`,
      MapPublicIpOnLaunch: isPublic,
    },
  });
  return {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.7.0.0/16', Tags: named('rehearsal') } },
    Gateway: { Type: 'AWS::EC2::InternetGateway' },
    Attachment: {
      Type: 'AWS::EC2::VPCGatewayAttachment',
      Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') },
    },
    PublicA: subnet(0, true),
    PublicB: subnet(1, true),
    PrivateA: subnet(0, false),
    PrivateB: subnet(1, false),
    PublicTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
    PublicRoute: {
      Type: 'AWS::EC2::Route',
      DependsOn: 'Attachment',
      Properties: {
        RouteTableId: ref('PublicTable'),
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: ref('Gateway'),
      },
    },
    PublicAssociation: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: ref('PublicA'), RouteTableId: ref('PublicTable') },
    },
    NatAddress: { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc' } },
    Nat: {
      Type: 'AWS::EC2::NatGateway',
      Properties: { SubnetId: ref('PublicA'), AllocationId: att('NatAddress', 'AllocationId'), Tags: named('nat') },
    },
    PrivateTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
    PrivateRoute: {
      Type: 'AWS::EC2::Route',
      Properties: { RouteTableId: ref('PrivateTable'), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: ref('Nat') },
    },
    S3Endpoint: {
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: {
        VpcId: ref('Vpc'),
        ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.s3' },
        RouteTableIds: [ref('PublicTable'), ref('PrivateTable')],
      },
    },
  };
}

function securityGroups(): Record<string, object> {
  const group = (description: string) => ({
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { VpcId: ref('Vpc'), GroupDescription: description },
  });
  return {
    BalancerGroup: group('balancer'),
    ControllerGroup: group('controller'),
    HomeGroup: group('home'),
    FromBalancer: {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: {
        GroupId: att('ControllerGroup', 'GroupId'),
        IpProtocol: 'tcp',
        FromPort: 8080,
        ToPort: 8080,
        SourceSecurityGroupId: att('BalancerGroup', 'GroupId'),
        Description: 'web',
      },
    },
    ToHome: {
      Type: 'AWS::EC2::SecurityGroupEgress',
      Properties: {
        GroupId: att('ControllerGroup', 'GroupId'),
        IpProtocol: 'tcp',
        FromPort: 2049,
        ToPort: 2049,
        DestinationSecurityGroupId: att('HomeGroup', 'GroupId'),
      },
    },
  };
}

function balancer(): Record<string, object> {
  return {
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: {
        Scheme: 'internal',
        Subnets: [ref('PrivateA'), ref('PrivateB')],
        SecurityGroups: [att('BalancerGroup', 'GroupId')],
      },
    },
    Targets: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: {
        VpcId: ref('Vpc'),
        Port: 8080,
        Protocol: 'HTTP',
        TargetType: 'instance',
        HealthCheckPath: '/login',
        TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
      },
    },
    Listener: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        LoadBalancerArn: ref('Balancer'),
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
      },
    },
  };
}

function home(): Record<string, object> {
  const mountTarget = (subnet: string) => ({
    Type: 'AWS::EFS::MountTarget',
    Properties: {
      FileSystemId: ref('Home'),
      SubnetId: ref(subnet),
      SecurityGroups: [att('HomeGroup', 'GroupId')],
    },
  });
  return {
    Home: {
      Type: 'AWS::EFS::FileSystem',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        Encrypted: true,
        ThroughputMode: 'elastic',
        FileSystemTags: named('home'),
        FileSystemPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: '*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    },
    HomeInA: mountTarget('PrivateA'),
    HomeInB: mountTarget('PrivateB'),
    HomeAccess: {
      Type: 'AWS::EFS::AccessPoint',
      Properties: {
        FileSystemId: ref('Home'),
        PosixUser: { Uid: '1500', Gid: '1500' },
        RootDirectory: {
          Path: '/jenkins',
          CreationInfo: { OwnerUid: '1500', OwnerGid: '1500', Permissions: '0750' },
        },
      },
    },
  };
}

function controller(instanceType: string): Record<string, object> {
  return {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    },
    Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [ref('Role')] } },
    LaunchTemplate: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: {
        LaunchTemplateData: {
          ImageId: ref('Image'),
          InstanceType: instanceType,
          IamInstanceProfile: { Arn: att('Profile', 'Arn') },
          SecurityGroupIds: [att('ControllerGroup', 'GroupId')],
          MetadataOptions: { HttpTokens: 'required' },
          BlockDeviceMappings: [
            { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', Encrypted: true } },
          ],
          TagSpecifications: [{ ResourceType: 'volume', Tags: named('root') }],
        },
      },
    },
    Group: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      DependsOn: 'Listener',
      CreationPolicy: { ResourceSignal: { Count: 1, Timeout: 'PT15M' } },
      UpdatePolicy: {
        AutoScalingRollingUpdate: {
          MinInstancesInService: 0,
          MaxBatchSize: 1,
          WaitOnResourceSignals: true,
          PauseTime: 'PT15M',
        },
      },
      Properties: {
        MinSize: '1',
        MaxSize: '1',
        DesiredCapacity: '1',
        VPCZoneIdentifier: [ref('PrivateA'), ref('PrivateB')],
        LaunchTemplate: {
          LaunchTemplateId: ref('LaunchTemplate'),
          Version: att('LaunchTemplate', 'LatestVersionNumber'),
        },
        TargetGroupARNs: [ref('Targets')],
        HealthCheckType: 'ELB',
        HealthCheckGracePeriod: 300,
        InstanceMaintenancePolicy: { MinHealthyPercentage: 0, MaxHealthyPercentage: 100 },
        Tags: [
          { Key: 'Name', Value: 'controller', PropagateAtLaunch: true },
          { Key: 'group-only', Value: 'yes', PropagateAtLaunch: false },
        ],
      },
    },
  };
}

function alarms(threshold: number): Record<string, object> {
  return {
    Topic: { Type: 'AWS::SNS::Topic' },
    TopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [ref('Topic')],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
              Action: 'sns:Publish',
              Resource: ref('Topic'),
            },
          ],
        },
      },
    },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: ref('Topic'), Protocol: 'email', Endpoint: 'operators@example.com' },
    },
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        Namespace: 'AWS/EC2',
        MetricName: 'CPUUtilization',
        Dimensions: [{ Name: 'AutoScalingGroupName', Value: ref('Group') }],
        Statistic: 'Average',
        Period: 300,
        EvaluationPeriods: 3,
        Threshold: threshold,
        ComparisonOperator: 'GreaterThanThreshold',
        AlarmActions: [ref('Topic')],
      },
    },
    Logs: {
      Type: 'AWS::Logs::LogGroup',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { RetentionInDays: 30 },
    },
  };
}

/** A whole controller with its network, as our packages make it. */
export function controllerTemplate({ threshold = 80, instanceType = 't3.large' } = {}): Template {
  return {
    Parameters: { Image: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: PARAMETER } },
    Resources: {
      ...network(),
      ...securityGroups(),
      ...balancer(),
      ...home(),
      ...controller(instanceType),
      ...alarms(threshold),
    },
    Outputs: {
      Group: { Value: ref('Group') },
      Targets: { Value: ref('Targets') },
      Home: { Value: ref('Home') },
      Vpc: { Value: ref('Vpc') },
      Alarm: { Value: ref('Alarm') },
      BalancerGroup: { Value: att('BalancerGroup', 'GroupId') },
      ControllerGroup: { Value: att('ControllerGroup', 'GroupId') },
    },
  };
}
