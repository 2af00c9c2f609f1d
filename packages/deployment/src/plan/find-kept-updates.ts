/**
 * Properties whose update leaves the resource in place, be it with an interruption. Read from the property reference of
 * CloudFormation's user guide ("Update requires"), as of 2023-12, for what the common changes of a platform touch, such
 * as another zone or another alarm.
 */
const KEEPING: Readonly<Record<string, readonly string[]>> = {
  'AWS::AutoScaling::AutoScalingGroup': [
    'AvailabilityZones',
    'Cooldown',
    'DesiredCapacity',
    'HealthCheckGracePeriod',
    'HealthCheckType',
    'LaunchTemplate',
    'LifecycleHookSpecificationList',
    'MaxInstanceLifetime',
    'MaxSize',
    'MetricsCollection',
    'MinSize',
    'MixedInstancesPolicy',
    'NotificationConfigurations',
    'Tags',
    'TargetGroupARNs',
    'TerminationPolicies',
    'VPCZoneIdentifier',
  ],
  'AWS::CloudWatch::Alarm': [
    'ActionsEnabled',
    'AlarmActions',
    'AlarmDescription',
    'ComparisonOperator',
    'DatapointsToAlarm',
    'Dimensions',
    'EvaluationPeriods',
    'ExtendedStatistic',
    'InsufficientDataActions',
    'MetricName',
    'Metrics',
    'Namespace',
    'OKActions',
    'Period',
    'Statistic',
    'Threshold',
    'TreatMissingData',
    'Unit',
  ],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    'IpAddressType',
    'LoadBalancerAttributes',
    'SecurityGroups',
    'Subnets',
    'Tags',
  ],
};

/** Whether it is known that a change of these properties leaves a resource of the type in place. */
export function isKeptUpdate(type: string, properties: readonly string[]): boolean {
  return properties.every((property) => KEEPING[type]?.includes(property));
}
