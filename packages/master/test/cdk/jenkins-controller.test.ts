import { synthesizeStacks } from '@jenkins-aws/core/cdk';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { JENKINS_UID } from '../../src/boot/boot-options.js';
import { JenkinsController, type JenkinsControllerProps } from '../../src/cdk/jenkins-controller.js';
import { JenkinsHome } from '../../src/cdk/jenkins-home.js';
import { ALARM_TABLE } from '../../src/plan/alarms.js';

type Properties = Record<string, unknown>;
type Resource = {
  Type: string;
  Properties: Properties;
  DeletionPolicy?: string;
  DependsOn?: string[];
  UpdatePolicy?: Properties;
  CreationPolicy?: Properties;
};

const plainHttp = { allowedCidrs: ['10.0.0.0/16'], plainHttp: { reason: 'reached over the VPN only' } };

/** The whole master in one stack, as a team with its own network would embed it. */
function synthesize(options: Partial<JenkinsControllerProps> = {}, region = 'eu-central-1', logGroupName?: string) {
  const [stack] = synthesizeStacks((app) => {
    const scope = new Stack(app, 'Test', { env: { region } });
    const vpc = new Vpc(scope, 'Vpc', { availabilityZones: ['a', 'b', 'c'].map((zone) => `${region}${zone}`) });
    const home = new JenkinsHome(scope, 'Home', { vpc });
    const group = (id: string) => new SecurityGroup(scope, id, { vpc, allowAllOutbound: false });
    const controller = new JenkinsController(scope, 'Controller', {
      vpc,
      fileSystem: home.fileSystem,
      accessPoint: home.accessPoint,
      controllerSecurityGroup: group('ControllerGroup'),
      loadBalancerSecurityGroup: group('LoadBalancerGroup'),
      access: plainHttp,
      ...(logGroupName === undefined ? {} : { logGroup: LogGroup.fromLogGroupName(scope, 'Logs', logGroupName) }),
      ...options,
    });
    controller.connections.allowTo(home.securityGroup, Port.tcp(2049));
  });
  const template = stack?.template ?? {};
  const resources = template.Resources as Record<string, Resource>;
  const all = (type: string) => Object.values(resources).filter((resource) => resource.Type === type);
  const one = (type: string) => all(type)[0] ?? expect.fail(`no ${type}`);
  return { text: JSON.stringify(template), resources, all, one };
}

describe('JenkinsController', () => {
  it('is a group of exactly one over all zones that stops before it starts and waits for the signal', () => {
    const { one } = synthesize();
    const { Properties, UpdatePolicy, CreationPolicy } = one('AWS::AutoScaling::AutoScalingGroup');
    expect(Properties).toMatchObject({
      MinSize: '1',
      MaxSize: '1',
      HealthCheckType: 'ELB',
      InstanceMaintenancePolicy: { MinHealthyPercentage: 0, MaxHealthyPercentage: 100 },
    });
    expect(Properties.VPCZoneIdentifier).toHaveLength(3);
    expect(UpdatePolicy?.AutoScalingRollingUpdate).toMatchObject({
      MinInstancesInService: 0,
      MaxBatchSize: 1,
      WaitOnResourceSignals: true,
    });
    expect(CreationPolicy).toEqual({ ResourceSignal: { Count: 1, Timeout: 'PT20M' } });
  });

  it('boots Amazon Linux 2023 of the instance type’s architecture with IMDSv2 and an encrypted gp3 root', () => {
    const { one, text } = synthesize({ instanceType: 'm7i.large', rootVolumeGiB: 30 });
    expect(one('AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData).toMatchObject({
      InstanceType: 'm7i.large',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 30 } }],
    });
    expect(text).toContain('al2023-ami-kernel-default-x86_64');
    expect(synthesize({ instanceType: 'm7g.large' }).text).toContain('al2023-ami-kernel-default-arm64');
  });

  it('boots exactly the image that is given', () => {
    const { one, text } = synthesize({ machineImageId: 'ami-0123456789abcdef0' });
    expect(one('AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData).toMatchObject({
      ImageId: 'ami-0123456789abcdef0',
    });
    expect(text).not.toContain('al2023-ami');
  });

  it('signals the group that waits', () => {
    const { resources, text } = synthesize();
    const [logicalId] =
      Object.entries(resources).find(([, { Type }]) => Type === 'AWS::AutoScaling::AutoScalingGroup') ?? [];
    expect(text).toContain(`SIGNAL_LOGICAL_ID='${logicalId}'`);
  });

  it('gives the instance no more than home, logs, a look at its group and Session Manager', () => {
    const { all } = synthesize();
    const policies = all('AWS::IAM::Policy').flatMap(
      ({ Properties }) =>
        (Properties.PolicyDocument as { Statement: { Action: string | string[]; Sid: string }[] }).Statement,
    );
    expect(policies.flatMap(({ Action }) => Action).sort()).toEqual([
      'ec2:DescribeInstances',
      'elasticfilesystem:ClientMount',
      'elasticfilesystem:ClientWrite',
      'logs:CreateLogStream',
      'logs:DescribeLogStreams',
      'logs:PutLogEvents',
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ]);
    expect(policies.find(({ Sid }) => Sid === 'MountHome')).toHaveProperty(
      'Condition.StringEquals.elasticfilesystem:AccessPointArn',
    );
    expect(all('AWS::IAM::Role')[0]?.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('answers health on /login and nothing else, and may be without an answer for as long as a restart takes', () => {
    const { Properties } = synthesize().one('AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(Properties).toMatchObject({ HealthCheckPath: '/login', Matcher: { HttpCode: '200' } });
    const seconds = Number(Properties.HealthCheckIntervalSeconds) * Number(Properties.UnhealthyThresholdCount);
    expect(seconds).toBeGreaterThanOrEqual(300);
  });

  it('makes its alarms when the controller runs, so that none rings at the first deploy', () => {
    const { resources } = synthesize();
    const group = Object.entries(resources).find(([, { Type }]) => Type === 'AWS::AutoScaling::AutoScalingGroup')?.[0];
    for (const alarm of Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')) {
      const waits =
        alarm.DependsOn?.includes(group ?? '') || JSON.stringify(alarm.Properties).includes(`{"Ref":"${group}"}`);
      expect(waits, String(alarm.Properties.MetricName)).toBe(true);
    }
  });

  it('writes to a log group that outlives it where one is given', () => {
    const { all, text } = synthesize({}, 'eu-central-1', '/jenkins-aws/ci/main');
    expect(all('AWS::Logs::LogGroup')).toEqual([]);
    expect(text).toContain("LOG_GROUP_NAME='/jenkins-aws/ci/main'");
  });

  it('makes certificate, record and redirect from a domain name and its zone', () => {
    const hostedZone = { id: 'Z0123456789ABCDEFGHIJ', name: 'example.com' };
    const { one, all } = synthesize({
      access: { scheme: 'internet-facing', allowedCidrs: ['203.0.113.0/24'], domainName: 'ci.example.com', hostedZone },
    });
    expect(one('AWS::CertificateManager::Certificate').Properties).toMatchObject({
      DomainName: 'ci.example.com',
      DomainValidationOptions: [{ HostedZoneId: hostedZone.id }],
      ValidationMethod: 'DNS',
    });
    expect(one('AWS::Route53::RecordSet').Properties).toMatchObject({ Name: 'ci.example.com.', Type: 'A' });
    const listeners = all('AWS::ElasticLoadBalancingV2::Listener').map(({ Properties }) => Properties);
    expect(listeners.map(({ Port: port, Protocol }) => [port, Protocol])).toEqual([
      [443, 'HTTPS'],
      [80, 'HTTP'],
    ]);
    expect(listeners[0]?.SslPolicy).toMatch(/TLS13-1-2/);
    expect(listeners[1]?.DefaultActions).toMatchObject([{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS' } }]);
  });

  it('has one plain listener where a reason allows it', () => {
    const { all, one } = synthesize();
    expect(all('AWS::ElasticLoadBalancingV2::Listener').map(({ Properties }) => Properties.Port)).toEqual([80]);
    expect(one('AWS::ElasticLoadBalancingV2::LoadBalancer').Properties.Scheme).toBe('internal');
  });

  it('can go from HTTP to HTTPS and from internal to internet-facing without two of a kind on one balancer', () => {
    const idOf = (options: Partial<JenkinsControllerProps>, matches: (resource: Resource) => boolean) =>
      Object.entries(synthesize(options).resources).find(([, resource]) => matches(resource))?.[0];
    const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d';
    const https = { access: { allowedCidrs: ['10.0.0.0/16'], certificateArn } };
    const outside = { access: { ...https.access, scheme: 'internet-facing' as const } };
    const port80 = ({ Type, Properties }: Resource) =>
      Type === 'AWS::ElasticLoadBalancingV2::Listener' && Properties.Port === 80;
    const targets = ({ Type }: Resource) => Type === 'AWS::ElasticLoadBalancingV2::TargetGroup';
    expect(idOf({}, port80)).toBe(idOf(https, port80));
    expect(idOf(https, targets)).not.toBe(idOf(outside, targets));
  });

  it('rings every alarm of the table, and lets CloudWatch publish to the topic', () => {
    const { all, one, text } = synthesize({ alarms: { emails: ['ops@example.com'] } });
    const alarms = all('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    expect(alarms).toHaveLength(ALARM_TABLE.length);
    for (const alarm of alarms) expect(alarm).toMatchObject({ AlarmActions: [{}], OKActions: [{}] });
    expect(alarms.map(({ TreatMissingData }) => TreatMissingData)).toContain('breaching');
    expect(one('AWS::SNS::Subscription').Properties).toMatchObject({ Protocol: 'email', Endpoint: 'ops@example.com' });
    expect(text).toContain('cloudwatch.amazonaws.com');
  });

  it('opens no security group by itself but for what it is given', () => {
    const open = synthesize()
      .all('AWS::EC2::SecurityGroup')
      .flatMap(({ Properties }) => (Properties.SecurityGroupIngress as Properties[]) ?? []);
    expect(open).toEqual([]);
  });

  it.each([
    ['eu-central-1', 'aws'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
  ])('names no partition and no domain of another one in %s', (region) => {
    const { text } = synthesize({}, region);
    expect(text).not.toMatch(/arn:aws[:-]/);
    expect(text.replaceAll(/[a-z0-9]+\.amazonaws\.com"/g, '')).not.toContain('amazonaws.com');
  });

  it('fails with every problem of the options', () => {
    expect(() => synthesize({ jenkinsVersion: 'latest', access: { allowedCidrs: ['10.0.0.0/16'] } })).toThrowError(
      /jenkinsVersion: .*access: needs/,
    );
  });
});

describe('JenkinsHome', () => {
  it('keeps file system and access point when the stack goes, encrypted, elastic, backed up', () => {
    const { one } = synthesize();
    const fileSystem = one('AWS::EFS::FileSystem');
    expect(fileSystem).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { Encrypted: true, ThroughputMode: 'elastic', BackupPolicy: { Status: 'ENABLED' } },
    });
    expect(one('AWS::EFS::AccessPoint').DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it('has a mount target in every zone and refuses whoever has no TLS', () => {
    const { all, one } = synthesize();
    expect(all('AWS::EFS::MountTarget')).toHaveLength(3);
    expect(one('AWS::EFS::FileSystem').Properties.FileSystemPolicy).toMatchObject({
      Statement: [
        { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { Effect: 'Deny', Condition: { Null: { 'elasticfilesystem:AccessPointArn': 'true' } } },
      ],
    });
  });

  it('gives every file to the one user of the controllers', () => {
    const id = String(JENKINS_UID);
    expect(synthesize().one('AWS::EFS::AccessPoint').Properties).toMatchObject({
      PosixUser: { Uid: id, Gid: id },
      RootDirectory: { CreationInfo: { OwnerUid: id, OwnerGid: id, Permissions: '0755' } },
    });
  });
});

describe('the resources whose replacement loses data', () => {
  it('keep their logical ids', () => {
    const { resources } = synthesize();
    const ids = Object.entries(resources)
      .filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'))
      .map(([id, { Type }]) => `${id} ${Type}`);
    expect(ids.sort()).toEqual(['Home552DBAB6 AWS::EFS::FileSystem', 'HomeAccessPoint9949B9F1 AWS::EFS::AccessPoint']);
  });
});
