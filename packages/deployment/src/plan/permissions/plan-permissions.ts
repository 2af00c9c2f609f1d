import type { Partition } from '@jenkins-aws/core';
import type { OwnershipTag } from '../../options/stack-definition.js';
import { findActions, type WantedAction } from './find-actions.js';
import { mergeStatements, type ScopedAction } from './merge-statements.js';
import { artifactActions, inputActions, type OwnAction, STACK_ACTIONS } from './own-actions.js';
import { type PolicyCondition, type PolicyDocument, packStatements } from './policy-document.js';
import type { ScopeContext } from './resource-scopes.js';
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
  /** Default: any account, `*` in the ARNs; a policy holds in its own account only, so this allows no more. */
  readonly accountId?: string;
  /** The tag that the stacks give to every resource. */
  readonly ownershipTag: OwnershipTag;
  /**
   * What names of stacks, parameters, log groups … begin with, e.g. `['jenkins-ci-', '/jenkins-aws/ci/']`: the policy
   * then fits further stacks of the platform too. Default: none, the names of the templates alone.
   */
  readonly namePrefixes?: readonly string[];
  /** The name of the CloudFormation service role, for the split. Default: `jenkins-aws-<value of the ownership tag>`. */
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
  /** For a person who deploys with the service role: stacks, the bucket of artifacts, and handing over that one role. */
  readonly deployer: PolicySet;
  /** For the role that CloudFormation takes on, with the policy that says who may. */
  readonly serviceRole: PolicySet & { readonly roleName: string; readonly trustPolicy: TrustPolicy };
  /** What a reader has to know about the policies as a whole. */
  readonly notes: readonly string[];
}

export interface TrustPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly [
    {
      readonly Effect: 'Allow';
      readonly Principal: { readonly Service: string };
      readonly Action: 'sts:AssumeRole';
      readonly Condition?: PolicyCondition;
    },
  ];
}

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
  const { serviceRoleName = `jenkins-aws-${ownershipTag.value}`, callerActions = [] } = options;
  const wanted = findActions(stacks);
  const names = readTemplateNames(stacks, namePrefixes);
  const context: ScopeContext = { partition, region, accountId, ownershipTag, permissionsBoundary, names };
  const { artifacts = names.patterns.bucket.length > 0 } = options;

  const inputs = inputActions(context).map(toScoped);
  const own = [...STACK_ACTIONS, ...(artifacts ? artifactActions(context) : [])].map(toScoped);
  const caller = callerActions.map(({ action, reason, resources = ['*'] }): ScopedAction => {
    const why = resources.includes('*') ? 'not limited, as the reason says' : 'only what it is needed for';
    return { action, reason, sources: [], scopes: [() => ({ resources, why })] };
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
    deployer: toSet([...own, ...inputs, ...caller, handOver], context),
    serviceRole: {
      ...toSet([...wanted, ...inputs], context),
      roleName: serviceRoleName,
      trustPolicy: trustPolicy(options),
    },
    notes: notes(options, names.types),
  };
}

const toScoped = ({ action, on, reason }: OwnAction): ScopedAction => ({ action, reason, sources: OWN, scopes: [on] });

/**
 * A person's own call changes nothing: only CloudFormation's on their behalf does. Reading is left alone, and so is what
 * a further service calls in turn, where nobody documents whether the chain still names CloudFormation.
 */
function onlyViaCloudFormation(wanted: WantedAction): ScopedAction {
  const { scopes, reads, indirect } = wanted;
  if (reads || indirect) return wanted;
  return {
    ...wanted,
    scopes: scopes.map((make) => (context) => {
      const { condition, ...scope } = make(context);
      return {
        ...scope,
        condition: { ...condition, ...VIA_CLOUDFORMATION },
        why: `${scope.why}, by way of CloudFormation`,
      };
    }),
  };
}

function toSet(actions: readonly ScopedAction[], context: ScopeContext): PolicySet {
  const { statements, reasons } = mergeStatements(actions, context);
  return { documents: packStatements(statements), reasons };
}

function trustPolicy({ accountId }: PlanPermissionsOptions): TrustPolicy {
  const statement = { Effect: 'Allow', Principal: { Service: SERVICE }, Action: 'sts:AssumeRole' } as const;
  const Condition = { StringEquals: { 'aws:SourceAccount': accountId ?? '' } };
  return { Version: '2012-10-17', Statement: [accountId === undefined ? statement : { ...statement, Condition }] };
}

function notes({ permissionsBoundary, accountId }: PlanPermissionsOptions, types: ReadonlySet<string>): string[] {
  const found: string[] = [];
  if (types.has('AWS::IAM::Role') && permissionsBoundary === undefined) {
    found.push(
      'without a permissions boundary, whoever has these policies can give the platform’s roles any permission, and so take any: name a boundary to close this',
    );
  }
  if (accountId === undefined) {
    found.push('no account is named, so the ARNs fit any; a policy still holds in its own account only');
  }
  if (types.has('AWS::EC2::SecurityGroup')) {
    found.push(
      'where a resource may not have its tags yet, untagged resources of the account are allowed too: see the reasons of ec2:CreateTags and its like',
    );
  }
  return found;
}
