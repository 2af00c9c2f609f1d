import { asRecord, parseTemplate } from './read-template.js';
import type { ResourceChange } from './resource-change.js';

/**
 * Properties whose update leaves the resource in place and interrupts it, which a change set does not tell. Read from
 * the property reference of CloudFormation's user guide ("Update requires: Some interruptions"), as of 2023-12, for the
 * types that are common around a Jenkins.
 */
const INTERRUPTING: Readonly<Record<string, readonly string[]>> = {
  'AWS::AmazonMQ::Broker': ['Configuration', 'HostInstanceType'],
  'AWS::AutoScaling::AutoScalingGroup': ['VPCZoneIdentifier'],
  'AWS::EC2::Instance': [
    'AdditionalInfo',
    'Affinity',
    'BlockDeviceMappings',
    'EbsOptimized',
    'HostId',
    'InstanceType',
    'KernelId',
    'PrivateDnsNameOptions',
    'RamdiskId',
    'SecurityGroupIds',
    'Tenancy',
    'UserData',
  ],
  'AWS::EC2::NetworkInterface': ['PrivateIpAddresses'],
  'AWS::EC2::SecurityGroup': ['SecurityGroupEgress', 'SecurityGroupIngress'],
  'AWS::ElastiCache::CacheCluster': [
    'AZMode',
    'NumCacheNodes',
    'PreferredAvailabilityZone',
    'PreferredAvailabilityZones',
  ],
  'AWS::ElastiCache::ReplicationGroup': ['AuthToken', 'NodeGroupConfiguration', 'NumNodeGroups'],
  'AWS::OpenSearchService::Domain': ['VPCOptions'],
  'AWS::RDS::DBCluster': ['Engine', 'EngineVersion', 'GlobalClusterIdentifier', 'MasterUsername'],
  'AWS::RDS::DBInstance': [
    'AutoMinorVersionUpgrade',
    'AvailabilityZone',
    'BackupRetentionPeriod',
    'DBInstanceClass',
    'DBParameterGroupName',
    'Engine',
    'EngineVersion',
    'MultiAZ',
    'PreferredMaintenanceWindow',
    'StorageType',
  ],
};

/**
 * What makes a group replace its instances, where its update policy says so. Source: "UpdatePolicy attribute" of the
 * same guide.
 */
const GROUP_INSTANCES = ['LaunchConfigurationName', 'LaunchTemplate', 'MixedInstancesPolicy', 'VPCZoneIdentifier'];

/** What makes a service replace its tasks. Source: "UpdateService" in the API reference of Amazon ECS. */
const SERVICE_TASKS = [
  'CapacityProviderStrategy',
  'LoadBalancers',
  'NetworkConfiguration',
  'PlatformVersion',
  'TaskDefinition',
];

/** The changes, each update in place that interrupts its resource told as such. `templateBody` is the wanted template. */
export function tellInterruptions(changes: readonly ResourceChange[], templateBody: string): ResourceChange[] {
  const resources = asRecord(parseTemplate(templateBody)?.Resources);
  return changes.map((change) =>
    change.effect === 'updated-in-place' && interrupts(change, asRecord(resources[change.logicalId]))
      ? { ...change, effect: 'updated-with-interruption' }
      : change,
  );
}

function interrupts({ type, properties }: ResourceChange, resource: Record<string, unknown>): boolean {
  const touches = (names: readonly string[]) => names.some((name) => properties.includes(name));
  if (touches(INTERRUPTING[type] ?? [])) return true;
  if (type === 'AWS::AutoScaling::AutoScalingGroup') return touches(GROUP_INSTANCES) && leavesGroupEmpty(resource);
  if (type === 'AWS::ECS::Service') return touches(SERVICE_TASKS) && leavesServiceEmpty(resource);
  return false;
}

/** A rolling update stops instances before it starts others, down to none where the policy names no minimum. */
function leavesGroupEmpty(group: Record<string, unknown>): boolean {
  const { AutoScalingRollingUpdate: rolling } = asRecord(group.UpdatePolicy);
  return rolling !== undefined && Number(asRecord(rolling).MinInstancesInService ?? 0) === 0;
}

function leavesServiceEmpty(service: Record<string, unknown>): boolean {
  const { MinimumHealthyPercent } = asRecord(asRecord(service.Properties).DeploymentConfiguration);
  return MinimumHealthyPercent !== undefined && Number(MinimumHealthyPercent) === 0;
}
