import { describe, expect, it } from 'vitest';
import { estimate, line, one, quantities } from './templates.js';

const launched = (data: object, group: object = { DesiredCapacity: '1' }, others: object = {}) =>
  one(
    'AWS::AutoScaling::AutoScalingGroup',
    { ...group, LaunchTemplate: { LaunchTemplateId: { Ref: 'Launch' }, Version: '1' } },
    'us-east-1',
    { Launch: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: data } }, ...others },
  );
const disk = { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeType: 'gp3', VolumeSize: 30 } }] };

describe('Auto Scaling group', () => {
  it('runs as many instances as it wants, each with its volumes', () => {
    const result = launched({ InstanceType: 'm7i.large', ...disk }, { MinSize: '1', DesiredCapacity: '3' });
    expect(quantities(result)).toEqual(['instance m7i.large: 2190 hour', 'volume gp3: 90 GB-month']);
  });

  it.each(['9'.repeat(400), '-1', 'many', ''])('is unknown for a size of %s', (MinSize) => {
    expect(launched({ InstanceType: 'm7i.large' }, { MinSize }).lines[0]?.quantity).toBe('unknown');
  });

  it('falls back to its smallest size', () => {
    expect(line(launched({ InstanceType: 'm7i.large' }, { MinSize: 2 }), 'instance m7i.large').quantity).toBe(1460);
  });

  it('costs nothing while it wants no instance', () => {
    expect(launched({ InstanceType: 'm7i.large', ...disk }, { MinSize: '0' }).lines).toEqual([]);
  });

  it("takes the instance type from a parameter's default", () => {
    expect(line(launched({ InstanceType: { Ref: 'P' } }), 'instance m7i.xlarge').monthlyCost).toBe(147.17);
  });

  it.each([
    ['a parameter without default', { InstanceType: { Ref: 'Open' } }],
    ['an intrinsic', { InstanceType: { 'Fn::If': ['Big', 'm7i.large', 'm7i.xlarge'] } }],
    ['requirements', { InstanceRequirements: { VCpuCount: { Min: 2 } } }],
  ])('is unknown where the instance type is decided by %s', (_name, data) => {
    expect(launched({ ...data, ...disk }).lines[0]).toMatchObject({ unitPrice: 'unknown', quantity: 730 });
  });

  it('is unknown for spot instances, mixed types and types without a price', () => {
    expect(
      launched({ InstanceType: 'm7i.large', InstanceMarketOptions: { MarketType: 'spot' } }).lines[0]?.unitPrice,
    ).toBe('unknown');
    expect(launched({ InstanceType: 'm99.large' }).lines[0]?.unitPrice).toBe('unknown');
    const mixed = one('AWS::AutoScaling::AutoScalingGroup', { MinSize: '1', MixedInstancesPolicy: {} });
    expect(mixed.lines[0]?.monthlyCost).toBe('unknown');
  });

  it('is unknown for the root volume that the image decides', () => {
    expect(line(launched({ InstanceType: 'm7i.large' }), 'root volume of the image').monthlyCost).toBe('unknown');
  });

  it('pays for what a gp3 volume has beyond 3000 IOPS and 125 MiB/s', () => {
    const fast = { Ebs: { VolumeType: 'gp3', VolumeSize: 100, Iops: 4000, Throughput: 250 } };
    expect(quantities(launched({ InstanceType: 'm7i.large', BlockDeviceMappings: [fast] })).slice(1)).toEqual([
      'volume gp3: 100 GB-month',
      'volume gp3, IOPS over 3000: 1000 IOPS-month',
      'volume gp3, throughput over 125 MiB/s: 125 MiBps-month',
    ]);
  });

  it('pays for the public addresses of its instances', () => {
    const open = { InstanceType: 'm7i.large', ...disk, NetworkInterfaces: [{ AssociatePublicIpAddress: true }] };
    expect(line(launched(open, { MinSize: 2 }), 'public IPv4 address').quantity).toBe(1460);
    const subnet = { Public: { Type: 'AWS::EC2::Subnet', Properties: { MapPublicIpOnLaunch: true } } };
    const group = { MinSize: 1, VPCZoneIdentifier: [{ Ref: 'Public' }] };
    expect(line(launched({ InstanceType: 'm7i.large' }, group, subnet), 'public IPv4 address').quantity).toBe(730);
    const closed = { InstanceType: 'm7i.large', NetworkInterfaces: [{ AssociatePublicIpAddress: false }] };
    expect(launched(closed, group, subnet).lines.map(({ what }) => what)).not.toContain('public IPv4 address');
  });

  it('has an unknown line for detailed monitoring', () => {
    expect(
      line(launched({ InstanceType: 'm7i.large', Monitoring: { Enabled: true } }), 'detailed monitoring').monthlyCost,
    ).toBe('unknown');
    const result = launched({ InstanceType: 'm7i.large', Monitoring: { Enabled: false } });
    expect(result.lines.map(({ what }) => what)).not.toContain('detailed monitoring');
  });
});

describe('instance', () => {
  it("wins over its launch template's properties", () => {
    const launch = {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { InstanceType: 't3.large', ...disk } },
    };
    const properties = { LaunchTemplate: { LaunchTemplateId: { Ref: 'Launch' } }, InstanceType: 'm7i.large' };
    const result = one('AWS::EC2::Instance', properties, 'us-east-1', { Launch: launch });
    expect(quantities(result)).toEqual(['instance m7i.large: 730 hour', 'volume gp3: 30 GB-month']);
  });

  it('pays for a volume beside it', () => {
    expect(quantities(one('AWS::EC2::Volume', { VolumeType: 'gp3', Size: '50' }))).toEqual(['volume gp3: 50 GB-month']);
    expect(one('AWS::EC2::Volume', { VolumeType: 'io2', Size: 50 }).lines[0]?.unitPrice).toBe('unknown');
    expect(one('AWS::EC2::Volume', { Size: 50 }).lines[0]?.unitPrice).toBe('unknown');
  });
});

describe('load balancer', () => {
  const balancer = (properties: object) => one('AWS::ElasticLoadBalancingV2::LoadBalancer', properties);
  const addresses = (properties: object) =>
    balancer(properties).lines.find(({ what }) => what === 'public IPv4 address')?.quantity;

  it('has a public address in each subnet when it faces the internet, also where no scheme is given', () => {
    expect(addresses({ Scheme: 'internet-facing', Subnets: ['a', 'b', 'c'] })).toBe(2190);
    expect(addresses({ Subnets: ['a', 'b'] })).toBe(1460);
    expect(addresses({ SubnetMappings: [{ SubnetId: 'a' }, { SubnetId: 'b', AllocationId: 'c' }] })).toBe(730);
  });

  it('has none when it is internal', () => {
    expect(addresses({ Scheme: 'internal', Subnets: ['a', 'b'] })).toBeUndefined();
  });

  it('has an unknown number of them when scheme or subnets are decided later', () => {
    expect(addresses({ Scheme: { Ref: 'Open' }, Subnets: ['a'] })).toBe('unknown');
    expect(addresses({ Subnets: { Ref: 'Open' } })).toBe('unknown');
    expect(addresses({ Subnets: ['a', { 'Fn::If': ['C', 'b', { Ref: 'AWS::NoValue' }] }] })).toBe('unknown');
  });

  it('prices a network balancer apart, and a gateway balancer not at all', () => {
    expect(quantities(balancer({ Type: 'network', Scheme: 'internal' }))).toEqual([
      'network load balancer: 730 hour',
      'network load balancer capacity: 73 LCU-hour',
    ]);
    expect(balancer({ Type: 'gateway', Scheme: 'internal' }).unknownCount).toBe(2);
  });
});

describe('file system', () => {
  const home = (properties: object) => one('AWS::EFS::FileSystem', properties);

  it('pays by its throughput mode', () => {
    expect(quantities(home({}))).toEqual(['EFS storage: 20 GB-month']);
    expect(quantities(home({ ThroughputMode: 'elastic' })).slice(1)).toEqual([
      'EFS elastic read: 50 GB',
      'EFS elastic write: 20 GB',
    ]);
    const provisioned = home({ ThroughputMode: 'provisioned', ProvisionedThroughputInMibps: 10 });
    expect(line(provisioned, 'EFS provisioned throughput').monthlyCost).toBe(60);
    expect(home({ ThroughputMode: { Ref: 'Open' } }).unknownCount).toBe(1);
  });

  it('is cheaper in one zone, and pays for its backups', () => {
    expect(home({ AvailabilityZoneName: 'us-east-1a' }).lines[0]?.unitPrice).toBe(0.16);
    const backups = line(home({ BackupPolicy: { Status: 'ENABLED' } }), 'EFS backups');
    expect(backups).toMatchObject({ monthlyCost: 1, note: expect.stringContaining('third party') });
    expect(home({ BackupPolicy: { Status: 'DISABLED' } }).lines).toHaveLength(1);
  });

  it('says that a lifecycle makes the estimate an upper bound', () => {
    expect(home({ LifecyclePolicies: [{ TransitionToIA: 'AFTER_30_DAYS' }] }).lines[0]?.note).toContain('upper bound');
  });
});

describe('alarm', () => {
  const alarm = (properties: object) => one('AWS::CloudWatch::Alarm', properties).lines[0];
  const metric = (Period: unknown) => ({ Id: 'm', MetricStat: { Period } });

  it('is high resolution under a minute', () => {
    expect(alarm({ Period: 60 })).toMatchObject({ what: 'alarm', unitPrice: 0.1 });
    expect(alarm({ Period: 30 })).toMatchObject({ what: 'alarm, high resolution', unitPrice: 0.3 });
  });

  it('is charged for each metric that it watches', () => {
    expect(alarm({ Metrics: [metric(60), metric(60), { Id: 'e', Expression: 'm1+m2' }] })?.monthlyCost).toBe(0.2);
  });

  it('is unknown when its period is, or with an anomaly band', () => {
    expect(alarm({ Period: { Ref: 'Open' } })?.unitPrice).toBe('unknown');
    expect(alarm({ Metrics: [metric(60)], ThresholdMetricId: 'band' })?.unitPrice).toBe('unknown');
  });
});

describe('network', () => {
  it('notes that an address of a NAT gateway is charged elsewhere when it is not in the template', () => {
    expect(one('AWS::EC2::NatGateway', { AllocationId: 'eipalloc-1' }).lines[0]?.note).toContain('public IPv4');
    expect(one('AWS::EC2::NatGateway', { ConnectivityType: 'private' }).lines[0]?.note).toBeUndefined();
  });

  it('has free gateway endpoints, and interface endpoints by zone', () => {
    expect(one('AWS::EC2::VPCEndpoint', {}).lines).toEqual([]);
    const endpoint = one('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b'] });
    expect(endpoint.lines.map(({ monthlyCost }) => monthlyCost)).toEqual([14.6, 0.1]);
    expect(one('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'GatewayLoadBalancer' }).unknownCount).toBe(1);
  });
});

describe('smaller things', () => {
  it.each([
    ['an alias record', 'AWS::Route53::RecordSet', { AliasTarget: {} }],
    ['alias records', 'AWS::Route53::RecordSetGroup', { RecordSets: [{ AliasTarget: {} }] }],
    ['a public certificate', 'AWS::CertificateManager::Certificate', {}],
    ['a standard parameter', 'AWS::SSM::Parameter', { Name: '/a', Value: 'b' }],
    ['a topic without subscription', 'AWS::SNS::Topic', {}],
    ['a subscription of a function', 'AWS::SNS::Subscription', { Protocol: 'lambda' }],
  ])('%s is free', (_name, type, properties) => {
    const result = one(type, properties);
    expect(result.lines).toEqual([]);
    expect(result.free).toHaveLength(1);
  });

  it.each([
    ['a record that is no alias', 'AWS::Route53::RecordSet', { ResourceRecords: ['a'] }],
    ['a private certificate', 'AWS::CertificateManager::Certificate', { CertificateAuthorityArn: 'a' }],
    ['an exportable certificate', 'AWS::CertificateManager::Certificate', { CertificateExport: 'ENABLED' }],
    ['an advanced parameter', 'AWS::SSM::Parameter', { Tier: 'Advanced' }],
    ['a subscription by SMS', 'AWS::SNS::Subscription', { Protocol: 'sms' }],
  ])('%s is unknown', (_name, type, properties) => {
    expect(one(type, properties).unknownCount).toBe(1);
  });

  it.each([
    ['AWS::KMS::Key', {}, [1, 0.03]],
    ['AWS::Route53::HostedZone', {}, [0.5]],
    ['AWS::S3::Bucket', {}, [0.12, 0.01, 0]],
    ['AWS::SecretsManager::Secret', {}, [0.4, 0.01]],
    ['AWS::ECR::Repository', {}, [0.5]],
    ['AWS::CloudWatch::Dashboard', {}, [3]],
    ['AWS::Logs::LogGroup', { LogGroupClass: 'INFREQUENT_ACCESS' }, [0.25, 0.09]],
    ['AWS::SNS::Topic', { Subscription: [{ Protocol: 'email' }, { Protocol: 'email-json' }] }, [0]],
  ])('%s %j costs %j', (type, properties, costs) => {
    expect(one(type, properties).lines.map(({ monthlyCost }) => monthlyCost)).toEqual(costs);
  });
});

describe('values that another stack writes', () => {
  const writer = (Value: unknown) => ({
    name: 'writer',
    template: { Resources: { Written: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/type', Value } } } },
  });
  const reader = (InstanceType: unknown) => ({
    name: 'reader',
    template: {
      Parameters: { Type: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/type' } },
      Resources: { Machine: { Type: 'AWS::EC2::Instance', Properties: { InstanceType } } },
    },
  });

  it.each([{ Ref: 'Type' }, '{{resolve:ssm:/type}}', '{{resolve:ssm:/type:3}}'])('are found through %j', (value) => {
    const result = estimate([reader(value), writer('m7i.large')]);
    expect(line(result, 'instance m7i.large').monthlyCost).toBe(73.58);
  });

  it('lead to the subnet of another stack, which may give public addresses', () => {
    const subnet = { Type: 'AWS::EC2::Subnet', Properties: { MapPublicIpOnLaunch: true } };
    const written = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/type', Value: { Ref: 'Public' } } };
    const machine = {
      Type: 'AWS::EC2::Instance',
      Properties: { InstanceType: 'm7i.large', SubnetId: { Ref: 'Type' } },
    };
    const { Parameters } = reader('').template;
    const result = estimate([
      { name: 'network', template: { Resources: { Public: subnet, Written: written } } },
      { name: 'controller', template: { Parameters, Resources: { Machine: machine } } },
    ]);
    expect(line(result, 'public IPv4 address').quantity).toBe(730);
  });

  it('are unknown when no template writes them', () => {
    expect(estimate([reader({ Ref: 'Type' })]).lines[0]?.unitPrice).toBe('unknown');
  });

  it('are unknown when the writer does not know them, or they name themselves', () => {
    expect(estimate([reader({ Ref: 'Type' }), writer({ 'Fn::GetAtt': ['A', 'B'] })]).lines[0]?.unitPrice).toBe(
      'unknown',
    );
    expect(estimate([reader({ Ref: 'Type' }), writer('{{resolve:ssm:/type}}')]).lines[0]?.unitPrice).toBe('unknown');
  });
});
