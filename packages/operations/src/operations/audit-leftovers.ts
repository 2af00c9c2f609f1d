import { PLATFORM_TAG, stackNamePrefix } from '@jenkins-aws/core';
import { type StackSummary, toDeploymentError } from '@jenkins-aws/deployment';
import pMap from 'p-map';
import { GENTLY } from '../internal/gently.js';
import { type FoundResource, type Leftover, toLeftover, withoutOwned } from '../plan/leftover.js';
import { findOtherStacks } from './find-other-stacks.js';
import { findPlatformStacks } from './find-platform-stacks.js';
import type { LeftoverClients } from './leftover-clients.js';
import { listStackResources } from './list-stack-resources.js';
import { COMPUTE_LOOKS } from './looks/compute.js';
import { CONTROL_LOOKS } from './looks/control.js';
import { DATA_LOOKS } from './looks/data.js';
import { type Look, type LookContext, resource, STACK_ID_TAG, STACK_NAME_TAG } from './looks/look.js';
import { NETWORK_LOOKS } from './looks/network.js';

export interface AuditLeftoversOptions extends LeftoverClients {
  /** Name of the platform, the value of its tag. */
  readonly platform: string;
  /** Names of the stacks that shall be there. Another stack of the platform is a leftover. Default: none shall. */
  readonly expectedStacks?: readonly string[];
  /** Names that the platform has, or had, in Route 53 zones; they carry no tags. Default: none are looked for. */
  readonly domains?: readonly { readonly hostedZoneId: string; readonly name: string }[];
  readonly signal?: AbortSignal;
}

/** A service that could not be asked. */
export interface UncheckedLook {
  /** E.g. `NAT gateways`. */
  readonly what: string;
  /** All that it needs, e.g. `ec2:DescribeNatGateways`. */
  readonly permissions: readonly string[];
  /** What came instead of an answer. */
  readonly reason: string;
}

export interface LeftoverAudit {
  readonly platform: string;
  readonly leftovers: readonly Leftover[];
  /** What may be left all the same, because nobody could be asked. */
  readonly unchecked: readonly UncheckedLook[];
  /** What was asked for and answered, e.g. `NAT gateways`. */
  readonly checked: readonly string[];
}

const LOOKS: readonly Look[] = [...COMPUTE_LOOKS, ...NETWORK_LOOKS, ...DATA_LOOKS, ...CONTROL_LOOKS];

/** What the audit needs, for whoever writes its policy: all of it reads, most of it on all resources. */
export const AUDIT_PERMISSIONS: readonly string[] = [
  ...new Set([
    'cloudformation:DescribeStacks',
    'cloudformation:ListStackResources',
    'cloudformation:ListStacks',
    ...LOOKS.flatMap(({ permissions }) => permissions),
  ]),
].sort();

/**
 * Everything of a platform in the region that no live stack of it owns, asked of each service itself: by the platform's
 * tag, and by name where CloudFormation gives no tags. Without a stack, that is all that is left; beside live stacks, what
 * fell out of them. Looks and changes nothing.
 *
 * Permissions: {@link AUDIT_PERMISSIONS}. A service that refuses is said among `unchecked`. About 30 calls, which cost
 * nothing.
 *
 * @throws DeploymentError when CloudFormation cannot be asked, without which nobody knows what is owned
 */
export async function auditLeftovers(options: AuditLeftoversOptions): Promise<LeftoverAudit> {
  const { platform, expectedStacks = [], domains = [], signal } = options;
  const context: LookContext = {
    ...options,
    domains,
    namePrefix: stackNamePrefix(platform),
    abort: signal === undefined ? {} : { abortSignal: signal },
  };
  const stacks = await findPlatformStacks(options, platform);
  const resources = await pMap(stacks, (stack) => listStackResources(options, stack), GENTLY);
  const owned = resources.flat().map(({ physicalId }) => physicalId);
  const looked = await pMap(LOOKS, (look) => ask(look, context), GENTLY);
  // Filters of a service are not relied on: what is named here gets deleted.
  const found = looked
    .flatMap(({ result }) => result ?? [])
    .filter(({ tags }) => (tags[PLATFORM_TAG] ?? platform) === platform);
  const left = await withoutOthers(withoutOwned(found, owned), stacks, context);
  const unexpected = stacks.filter(({ stackName }) => !expectedStacks.includes(stackName)).map(stackLeftover);
  return {
    platform,
    leftovers: [...unexpected, ...left.map(toLeftover)].sort(byTypeAndId),
    unchecked: looked.flatMap(({ unchecked }) => unchecked ?? []),
    checked: looked.flatMap(({ look, result }) => (result === undefined ? [] : look.what)),
  };
}

/**
 * Leaves out what a live stack owns that is not the platform's: the one of its tag, or one whose name only begins like
 * the platform's. What carries the tag of a stack of the platform and is not among its resources fell out of it.
 */
async function withoutOthers(
  left: readonly FoundResource[],
  stacks: readonly StackSummary[],
  context: LookContext & Pick<AuditLeftoversOptions, 'signal'>,
): Promise<readonly FoundResource[]> {
  if (left.length === 0) return left;
  const others = await findOtherStacks(context, stacks);
  const live = new Set(others.flatMap(({ stackId, stackName }) => [stackId, stackName]));
  const alike = others.filter(({ stackName }) => stackName.startsWith(context.namePrefix));
  const resources = await pMap(alike, (stack) => listStackResources(context, stack), GENTLY);
  const owned = resources.flat().map(({ physicalId }) => physicalId);
  return withoutOwned(left, owned).filter(({ tags }) => !live.has(tags[STACK_ID_TAG] ?? tags[STACK_NAME_TAG] ?? ''));
}

interface Looked {
  readonly look: Look;
  readonly result?: Awaited<ReturnType<Look['find']>>;
  readonly unchecked?: UncheckedLook;
}

async function ask(look: Look, context: LookContext): Promise<Looked> {
  const { what, permissions } = look;
  try {
    return { look, result: await look.find(context) };
  } catch (error) {
    context.abort.abortSignal?.throwIfAborted();
    const operation = permissions[0].split(':')[1] ?? permissions[0];
    return { look, unchecked: { what, permissions, reason: toDeploymentError(error, { operation }).message } };
  }
}

function stackLeftover({ stackName, status, tags }: StackSummary): Leftover {
  return resource('AWS::CloudFormation::Stack', stackName, tags, { properties: { StackStatus: status } });
}

function byTypeAndId(left: Leftover, right: Leftover): number {
  return left.type.localeCompare(right.type) || left.id.localeCompare(right.id);
}
