import type { MakeScope, ScopeContext } from './resource-scopes.js';
import { everything, keysOf, named, ofAccount, readParameters } from './resource-scopes.js';

/** Something that the program which deploys calls itself, beside what CloudFormation does for it. */
export interface OwnAction {
  readonly action: string;
  readonly on: MakeScope;
  readonly reason: string;
}

const CREATES = 'Creates, compares and executes change sets';
const FOLLOWS = 'Follows a stack and finds the reason of a failure';
const COMPARES = 'Compares the account with the templates';
const KEEPS = 'Keeps the deployment’s artifacts, lock and records in its bucket';

/** What this package calls on the stacks themselves. */
export const STACK_ACTIONS: readonly OwnAction[] = [
  ...on(named('stack'), CREATES, 'CreateChangeSet DescribeChangeSet ExecuteChangeSet DeleteChangeSet ListChangeSets'),
  ...on(named('stack'), 'A change set gives the stack its tags', 'TagResource UntagResource'),
  ...on(named('stack'), FOLLOWS, 'DescribeStackEvents ListStackResources GetTemplate'),
  ...on(withChangeSets, `${FOLLOWS}; of a change set too`, 'DescribeEvents'),
  ...on(named('stack'), 'Removes stacks and what a failed creation left', 'DeleteStack'),
  ...on(named('stack'), 'Goes on with a rollback that got stuck, when asked to', 'ContinueUpdateRollback'),
  ...on(
    named('stack'),
    'Guards stacks with data against deletion and replacement',
    'UpdateTerminationProtection GetStackPolicy SetStackPolicy',
  ),
  ...on(named('stack'), COMPARES, 'DetectStackDrift DetectStackResourceDrift DescribeStackResourceDrifts'),
  ...on(
    everything('CloudFormation cannot limit these to stacks; they only read'),
    COMPARES,
    'DescribeStackDriftDetectionStatus BatchDescribeTypeConfigurations',
  ),
  ...on(
    everything('the stacks of a platform are found by their tag, for which CloudFormation reads them all'),
    'Finds the stacks of a platform, also those that its config does not name any more',
    'DescribeStacks ListStacks',
  ),
  ...on(
    everything('the call names a template and no stack; it only reads'),
    'Has a new stack’s template checked before it is shown',
    'ValidateTemplate',
  ),
];

/** What this package calls on the bucket of artifacts. CloudFormation reads templates from there as the caller. */
export function artifactActions({ names }: ScopeContext): readonly OwnAction[] {
  const keys = ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({
    action,
    on: keysOf('s3'),
    reason: 'The bucket of artifacts encrypts by a key of KMS',
  }));
  return [
    ...keep('objects', 'GetObject PutObject DeleteObject AbortMultipartUpload ListMultipartUploadParts'),
    ...keep('bucket', 'ListBucket ListBucketMultipartUploads'),
    ...(names.bucketsHaveKeys ? keys : []),
  ];
}

/** What CloudFormation reads as the caller before it begins: values of parameters, and whether they exist. */
export function inputActions(context: ScopeContext): readonly OwnAction[] {
  const { readParameters: own, readPublicParameters, parameterTypes } = context.names;
  const checks = Object.entries(CHECKED_BY).flatMap(([type, action]) =>
    parameterTypes.has(type) || parameterTypes.has(`List<${type}>`)
      ? [
          {
            action,
            on: everything('EC2 cannot limit this action to resources; it only reads'),
            reason: `CloudFormation checks that the value of a parameter of type ${type} exists`,
          },
        ]
      : [],
  );
  if (own.length + readPublicParameters.length === 0) return checks;
  const reason = 'CloudFormation reads the values that one stack hands to the next, and the ids of machine images';
  return [{ action: 'ssm:GetParameters', on: readParameters, reason }, ...checks];
}

/** Who tells CloudFormation whether a value exists. */
const CHECKED_BY: Readonly<Record<string, string>> = {
  'AWS::EC2::AvailabilityZone::Name': 'ec2:DescribeAvailabilityZones',
  'AWS::EC2::Image::Id': 'ec2:DescribeImages',
  'AWS::EC2::Instance::Id': 'ec2:DescribeInstances',
  'AWS::EC2::KeyPair::KeyName': 'ec2:DescribeKeyPairs',
  'AWS::EC2::SecurityGroup::Id': 'ec2:DescribeSecurityGroups',
  'AWS::EC2::Subnet::Id': 'ec2:DescribeSubnets',
  'AWS::EC2::VPC::Id': 'ec2:DescribeVpcs',
  'AWS::EC2::Volume::Id': 'ec2:DescribeVolumes',
};

function withChangeSets(context: ScopeContext) {
  const { partition, region, accountId } = context;
  const stacks = named('stack')(context);
  const changeSets = `arn:${partition}:cloudformation:${region}:${accountId}:changeSet/jenkins-aws-*/*`;
  return { ...stacks, resources: [...stacks.resources, changeSets] };
}

function on(scope: MakeScope, reason: string, actions: string): OwnAction[] {
  return actions.split(' ').map((action) => ({ action: `cloudformation:${action}`, on: scope, reason }));
}

function keep(what: 'bucket' | 'objects', actions: string): OwnAction[] {
  const scope: MakeScope = (context) => {
    const buckets = named('bucket', ofAccount)(context);
    return what === 'bucket' ? buckets : { ...buckets, resources: buckets.resources.map((bucket) => `${bucket}/*`) };
  };
  return actions.split(' ').map((action) => ({ action: `s3:${action}`, on: scope, reason: KEEPS }));
}
