import fc from 'fast-check';
import type { CostEstimate } from '../../src/index.js';
import { estimate, REGIONS, RESOURCE_TYPES } from './templates.js';

const PROPERTY_NAMES = [
  'AliasTarget',
  'AllocationId',
  'AssociatePublicIpAddress',
  'AvailabilityZoneName',
  'BackupPolicy',
  'BlockDeviceMappings',
  'CertificateAuthorityArn',
  'CertificateExport',
  'ConnectivityType',
  'DesiredCapacity',
  'Ebs',
  'Enabled',
  'InstanceMarketOptions',
  'InstanceType',
  'Iops',
  'IpAddressType',
  'LaunchTemplate',
  'LaunchTemplateData',
  'LaunchTemplateId',
  'LifecyclePolicies',
  'LogGroupClass',
  'MapPublicIpOnLaunch',
  'MetricStat',
  'Metrics',
  'MinSize',
  'MixedInstancesPolicy',
  'Monitoring',
  'NetworkInterfaces',
  'Period',
  'Protocol',
  'ProvisionedThroughputInMibps',
  'RecordSets',
  'Scheme',
  'Status',
  'SubnetId',
  'SubnetIds',
  'SubnetMappings',
  'Subnets',
  'Subscription',
  'ThresholdMetricId',
  'Throughput',
  'ThroughputMode',
  'Tier',
  'TransitionToArchive',
  'TransitionToIA',
  'Type',
  'VPCZoneIdentifier',
  'VolumeType',
  'VpcEndpointType',
  'Ref',
];

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('1', 'elastic', 'gp3', 'internet-facing', 'constructor', '9'.repeat(400), true, null, 60, {}),
    fc.constantFrom({ Ref: 'P' }, { Ref: 'Q' }, { Ref: 'Thing0' }, { 'Fn::If': ['C', 1, 2] }, '{{resolve:ssm:/a}}'),
    fc.string({ maxLength: 8 }),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...PROPERTY_NAMES), tie('any'), { maxKeys: 6 }),
  ),
})).any;
const resource = fc.record({
  Type: fc.constantFrom(...RESOURCE_TYPES),
  Properties: fc.dictionary(fc.constantFrom(...PROPERTY_NAMES), value, { maxKeys: 10 }),
});
const template = fc.array(resource, { maxLength: 12 }).map((resources) => ({
  Parameters: {
    P: { Type: 'String', Default: '3' },
    Q: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a' },
  },
  Resources: {
    Loop: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a', Value: { Ref: 'Q' } } },
    ...Object.fromEntries(resources.map((item, index) => [`Thing${index}`, item])),
  },
}));
const usage = fc.record(
  {
    hoursPerMonth: fc.double({ min: 0, max: 744, noNaN: true }),
    homeStorageGiB: fc.double({ min: 0, max: 1e9, noNaN: true }),
    lcuAverage: fc.double({ min: 0, max: 100, noNaN: true }),
    kmsRequests: fc.nat({ max: 1e9 }),
  },
  { requiredKeys: [] },
);
/** Estimates of templates of known types with likely and unlikely properties. */
export const estimates = fc
  .record({ templates: fc.array(template, { maxLength: 3 }), region: fc.constantFrom(...REGIONS), usage })
  .map(
    ({ templates, region, usage: given }): CostEstimate =>
      estimate(
        templates.map((item, index) => ({ name: `s${index}`, template: item })),
        region,
        given,
      ),
  );
