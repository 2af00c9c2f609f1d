import type { Partition } from '@jenkins-aws/core';
import type { OwnershipTag } from '../../options/stack-definition.js';
import { findActions, type WantedAction } from './find-actions.js';
import { mergeStatements, type ScopedAction } from './merge-statements.js';
import { artifactActions, inputActions, type OwnAction, STACK_ACTIONS } from './own-actions.js';
import { type PolicyCondition, type PolicyDocument, packStatements } from './policy-document.js';
import { launchesWithTag, type MakeScope, ofAccount, type ScopeContext, taggedLater } from './resource-scopes.js';
import { servicePrincipal } from './service-principal.js';
import { type NamedTemplate, readTemplateNames } from './template-names.js';

/** An action that the program which deploys calls beside this package, such as a look at what was deployed. */
export interface CallerAction {
  /** E.g. `ec2:DescribeInstances`. */
  readonly action: string;
  /** What it is needed for. */
  readonly reason: string;
  /** ARNs or patterns. Default: all, which `reason` has to justify too. */
  readonly resources?: readonly string[];
}

export interface PlanPermissionsOptions {
  /** The stacks with their templates, also those that are only there at times, such as those of a further master. */
  readonly stacks: readonly NamedTemplate[];
  readonly partition: Partition;
  readonly region: string;
  /**
   * Default: any account, `*` in the ARNs. The trust policy then has the placeholder `PUT-THE-ACCOUNT-ID-HERE`, and
   * nothing limits the buckets to the account.
   */
  readonly accountId?: string;
  /** The tag that the stacks give to every resource. */
  readonly ownershipTag: OwnershipTag;
  /**
   * What names of stacks, parameters, log groups … begin with, e.g. `['jenkins-ci-', '/jenkins-aws/ci/']`: the policy
   * then fits further stacks of the platform too. Default: none, the names of the templates alone.
   */
  readonly namePrefixes?: readonly string[];
  /**
   * The name of the CloudFormation service role, for the split. Default: `cfn-jenkins-<value of the
   * ownership tag>`, which the names of no platform's stacks and roles begin with.
   */
  readonly serviceRoleName?: string;
  /** ARN of the managed policy that bounds every role of the templates. Default: none; anything can then be given to such a role. */
  readonly permissionsBoundary?: string;
  /** Whether the templates and the lock lie in a bucket that one of the stacks makes. Default: whether one makes a bucket. */
  readonly artifacts?: boolean;
  /** What else the program calls. Default: none. */
  readonly callerActions?: readonly CallerAction[];
}

/** Why one action is in a policy. */
export interface ActionReason {
  readonly action: string;
  /** What it is needed for, e.g. `create, update AWS::EC2::VPC`. */
  readonly reason: string;
  /** What it is limited to and why not to less. */
  readonly scope: string;
  /** Where it is said that it is needed. Empty for what the caller asked for. */
  readonly sources: readonly string[];
}

/** Policies of one identity: more than one document where IAM's limit of 6,144 characters asks for it. */
export interface PolicySet {
  readonly documents: readonly PolicyDocument[];
  /** Every action of the documents, sorted. */
  readonly reasons: readonly ActionReason[];
}

export interface PermissionsPlan {
  /** For a person who deploys without a service role. Changes to resources are allowed by way of CloudFormation only. */
  readonly single: PolicySet;
  /**
   * For a person who deploys with the service role: stacks, the bucket of artifacts, reading what CloudFormation compares
   * for drift, and handing over that one role.
   */
  readonly deployer: PolicySet;
  /** For the role that CloudFormation takes on, with the policy that says who may. */
  readonly serviceRole: PolicySet & { readonly roleName: string; readonly trustPolicy: TrustPolicy };
  /** What a reader has to know about the policies as a whole; the gravest first. */
  readonly notes: readonly string[];
}

export interface TrustPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly [
    {
      readonly Effect: 'Allow';
      readonly Principal: { readonly Service: string };
      readonly Action: 'sts:AssumeRole';
      readonly Condition: PolicyCondition;
    },
  ];
}

/** Stands for the account in the trust policy where none is given. It fits no account: nobody can assume the role. */
const ACCOUNT_PLACEHOLDER = 'PUT-THE-ACCOUNT-ID-HERE';

const OWN = ['what this package calls'];
const SERVICE = servicePrincipal('cloudformation');
const VIA_CLOUDFORMATION: PolicyCondition = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': [SERVICE] } };

/**
 * The least privileges that a deployment of these templates needs, as IAM policies: one for a person who deploys with
 * the own credentials, and two that split it between a CloudFormation service role and a small deployer. Follows from
 * the resource types and the properties that the templates set. Every action has a reason; none has a `*` in its name;
 * what is not limited to names or to the tag says why.
 *
 * Pure. The policies follow AWS's published schemas and references; they were not tried in an account.
 *
 * @throws DeploymentError DEPLOYMENT_PERMISSIONS_UNKNOWN with every resource type of which it is not known what
 *   CloudFormation calls for it
 */
export function planPermissions(options: PlanPermissionsOptions): PermissionsPlan {
  const { stacks, partition, region, accountId = '*', ownershipTag, namePrefixes = [], permissionsBoundary } = options;
  const { serviceRoleName = `cfn-jenkins-${ownershipTag.value}`, callerActions = [] } = options;
  const wanted = findActions(stacks);
  const names = readTemplateNames(stacks, namePrefixes);
  const context: ScopeContext = { partition, region, accountId, ownershipTag, permissionsBoundary, names };
  const { artifacts = names.patterns.bucket.length > 0 } = options;

  const inputs = inputActions(context).map(toScoped);
  const own = [...STACK_ACTIONS, ...(artifacts ? artifactActions(context) : [])].map(toScoped);
  const caller = callerActions.map(({ action, reason, resources = ['*'] }): ScopedAction => {
    const why = resources.includes('*') ? 'not limited, as the reason says' : 'only what it is needed for';
    const condition = action.startsWith('s3:') && !resources.includes('*') ? ofAccount(context) : undefined;
    const scope = { resources, why, ...(condition === undefined ? {} : { condition }) };
    return { action, reason, sources: [], scopes: [() => scope] };
  });
  const handOver: ScopedAction = {
    action: 'iam:PassRole',
    reason: 'Hands the service role to CloudFormation, and to nothing else',
    sources: OWN,
    scopes: [
      () => ({
        resources: [`arn:${partition}:iam::${accountId}:role/${serviceRoleName}`],
        condition: { StringEquals: { 'iam:PassedToService': SERVICE } },
        why: 'exactly this role',
      }),
    ],
  };

  return {
    single: toSet([...own, ...inputs, ...caller, ...wanted.map(onlyViaCloudFormation)], context),
    deployer: toSet([...own, ...inputs, ...caller, handOver, ...wanted.flatMap(forDrift)], context),
    serviceRole: {
      ...toSet([...wanted, ...inputs], context),
      roleName: serviceRoleName,
      trustPolicy: trustPolicy(options),
    },
    notes: notes(options, context),
  };
}

const toScoped = ({ action, on, reason }: OwnAction): ScopedAction => ({ action, reason, sources: OWN, scopes: [on] });

/** Drift is found with the caller's permissions, whichever role a stack has. */
function forDrift({ action, reason, sources, scopes, reads }: WantedAction): ScopedAction[] {
  if (!reads) return [];
  const named = scopes.map(
    (make): MakeScope =>
      (context) => ({ ...make(context), name: 'ForDrift' }),
  );
  return [
    { action, reason: `drift: CloudFormation reads the resources as the caller (${reason})`, sources, scopes: named },
  ];
}

/** A person's own call changes nothing: only CloudFormation's on their behalf does, or that of a service behind it. */
function onlyViaCloudFormation(wanted: WantedAction): ScopedAction {
  const { scopes, reads } = wanted;
  if (reads) return wanted;
  return {
    ...wanted,
    scopes: scopes.map((make) => (context) => {
      const scope = make(context);
      // Nobody documents whether the chain still names CloudFormation when a further service calls in turn.
      if (scope.indirect) return scope;
      return {
        ...scope,
        condition: { ...scope.condition, ...VIA_CLOUDFORMATION },
        why: `${scope.why}, by way of CloudFormation`,
      };
    }),
  };
}

function toSet(actions: readonly ScopedAction[], context: ScopeContext): PolicySet {
  const { statements, reasons } = mergeStatements(actions, context);
  return { documents: packStatements(statements), reasons };
}

function trustPolicy({ accountId = ACCOUNT_PLACEHOLDER }: PlanPermissionsOptions): TrustPolicy {
  const Condition = { StringEquals: { 'aws:SourceAccount': accountId } };
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: SERVICE }, Action: 'sts:AssumeRole', Condition }],
  };
}

function notes({ permissionsBoundary, accountId }: PlanPermissionsOptions, context: ScopeContext): string[] {
  const { names, ownershipTag } = context;
  const tag = `${ownershipTag.key}=${ownershipTag.value}`;
  const later = taggedLater(names);
  const found: [applies: boolean, note: string][] = [
    [
      names.types.has('AWS::IAM::Role') && permissionsBoundary === undefined,
      'these policies amount to administrator rights: without a permissions boundary, whoever has them can give a role of the platform any permission, and so take any. Name a boundary to close this',
    ],
    [
      later.length > 0,
      `take-over is possible: any ${later.join(', ')} of the account that has no tag ${ownershipTag.key} can be tagged ${tag}, and then be changed and deleted as the platform's own, because CloudFormation may tag these kinds in a second call (the statements named TagsInSecondCall). Whoever does not want that tags them with another value of ${ownershipTag.key}`,
    ],
    [
      names.types.has('AWS::EFS::MountTarget'),
      'wide: network interfaces of mount targets have no tags, so that those of others can be made, changed and deleted too, though only in calls that another service makes on the caller’s behalf (aws:ViaAWSService)',
    ],
    [
      names.types.has('AWS::AutoScaling::AutoScalingGroup') && !launchesWithTag(context),
      `wide: a launch template gives its instances no tag ${tag}, so that instances without it can be launched`,
    ],
    [
      names.cutNames.length > 0,
      `CloudFormation shortens long names, so what it names after a stack is matched by ${names.cutNames.join(', ')}: stacks of another platform whose names begin alike are matched too. A platform's name of at most 15 characters avoids this`,
    ],
    [
      accountId === undefined,
      `no account is named: the ARNs fit any, a bucket of a fitting name may belong to another account, and the trust policy has the placeholder ${ACCOUNT_PLACEHOLDER}, with which nobody can assume the role`,
    ],
  ];
  return found.flatMap(([applies, note]) => (applies ? [note] : []));
}
