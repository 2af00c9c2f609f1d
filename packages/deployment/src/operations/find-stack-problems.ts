import { ListChangeSetsCommand } from '@aws-sdk/client-cloudformation';
import type { Problem } from '@jenkins-aws/core';
import { judgeStatus } from '../internal/judge-status.js';
import type { OwnershipTag } from '../options/stack-definition.js';
import { CHANGE_SET_PREFIX } from './create-change-set.js';
import { abortable, call, type DeploymentContext } from './deployment-context.js';
import type { StackSummary } from './get-stack-summaries.js';
import { readNewEvents, type StackHandle } from './read-stack-events.js';

/** Why the stack cannot be deployed to as it is now. Empty when it can. */
export async function findStackProblems(
  context: DeploymentContext,
  stack: StackSummary,
  ownershipTag: OwnershipTag | undefined,
): Promise<Problem[]> {
  const readiness = judgeStatus(stack.status);
  const problem = (code: string, message: string): Problem[] => [{ code, message, path: ['stacks', stack.stackName] }];
  if (readiness.kind === 'unfinished-review') return findForeignReview(context, stack);
  const foreign = findOwnershipProblem(stack, ownershipTag);
  if (foreign !== undefined) return [foreign];
  // What is left of a failed creation is deleted before the stack is made anew.
  if (readiness.kind === 'leftover') return findProtectionProblems(stack);
  if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
    const failed = await findFailedResources(context, stack);
    const [first] = failed;
    const names = failed.map(({ logicalId, type, reason }) => `${logicalId} (${type}): ${reason}`).join(', ');
    const skip = `${stack.stackName}/${first?.logicalId ?? 'LogicalId'}`;
    return problem(
      'DEPLOYMENT_STACK_STUCK',
      `stack '${stack.stackName}' is in ${stack.status}, because the rollback of an update failed${names === '' ? '' : ` at ${names}`}. repair that and run again with continueRollback, or name it in skipResources too ('${skip}') to have it left as it is`,
    );
  }
  if (readiness.kind === 'stuck') {
    return problem(
      'DEPLOYMENT_STACK_STUCK',
      `stack '${stack.stackName}' is in ${stack.status}: ${readiness.wayOut}${stack.statusReason === undefined ? '' : ` (${stack.statusReason})`}`,
    );
  }
  return [];
}

/** The resources at which the last rollback of a stack failed, by its events: they tell the reasons too. */
export async function findFailedResources(context: DeploymentContext, stack: StackHandle): Promise<FailedResource[]> {
  const events = await readNewEvents(context, stack, new Set());
  const begun = events.findLastIndex(({ ofStack, status }) => ofStack && status === 'UPDATE_ROLLBACK_IN_PROGRESS');
  const last = new Map(
    events.slice(begun + 1).flatMap((event) => (event.ofStack ? [] : [[event.logicalId, event] as const])),
  );
  return [...last.values()].flatMap(({ logicalId, type, status, reason = 'AWS gives no reason' }) =>
    status.endsWith('_FAILED') ? [{ logicalId, type, reason: reason.replace(/\s+/g, ' ').trim() }] : [],
  );
}

interface FailedResource {
  readonly logicalId: string;
  readonly type: string;
  /** AWS's own words, in one line. */
  readonly reason: string;
}

/** What the caller of a removal says about it. */
export interface RemovalRules {
  readonly ownershipTag?: OwnershipTag;
  readonly releaseProtection?: boolean;
}

/** Why the stack may not be removed as it is now. Empty when it may. */
export async function findRemovalProblems(
  context: DeploymentContext & RemovalRules,
  stack: StackSummary,
): Promise<Problem[]> {
  const protection = context.releaseProtection ? [] : findProtectionProblems(stack);
  if (stack.status === 'REVIEW_IN_PROGRESS') return [...(await findForeignReview(context, stack)), ...protection];
  const foreign = findOwnershipProblem(stack, context.ownershipTag);
  return foreign === undefined ? protection : [foreign, ...protection];
}

/** Why CloudFormation would refuse to delete the stack, if so. */
function findProtectionProblems({ stackName, terminationProtection }: StackSummary): Problem[] {
  if (!terminationProtection) return [];
  return [
    {
      code: 'DEPLOYMENT_STACK_PROTECTED',
      message: `stack '${stackName}' has termination protection, nothing was deleted: release the protection (releaseProtection, or aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stackName}) if it shall really go`,
      path: ['stacks', stackName],
    },
  ];
}

/** Why the stack is not the caller's to touch, if so. */
export function findOwnershipProblem(
  { stackName, tags }: StackSummary,
  ownershipTag: OwnershipTag | undefined,
): Problem | undefined {
  if (ownershipTag === undefined || tags[ownershipTag.key] === ownershipTag.value) return undefined;
  const { key, value } = ownershipTag;
  const has = tags[key] === undefined ? `has no tag '${key}'` : `has tag ${key}=${tags[key]}`;
  return {
    code: 'DEPLOYMENT_STACK_FOREIGN',
    message: `stack '${stackName}' exists and ${has}, expected ${key}=${value}: it belongs to somebody else, choose another name`,
    path: ['stacks', stackName],
  };
}

/**
 * A stack under review has no resources and carries no tags yet. The names of its change sets tell whether an earlier
 * run of ours left it or somebody else is about to create it.
 */
async function findForeignReview(context: DeploymentContext, { stackName }: StackSummary): Promise<Problem[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    // By name, because the embedded AWS lists nothing by id. Until it is deleted, a stack is the only one of its name.
    const command = new ListChangeSetsCommand({ StackName: stackName, NextToken: token });
    const page = await call('ListChangeSets', stackName, () =>
      context.cloudFormation.send(command, abortable(context)),
    );
    names.push(...(page.Summaries ?? []).map(({ ChangeSetName }) => ChangeSetName ?? ''));
    token = page.NextToken || undefined;
  } while (token !== undefined);
  const foreign = names.find((name) => !name.startsWith(CHANGE_SET_PREFIX));
  if (foreign === undefined) return [];
  return [
    {
      code: 'DEPLOYMENT_STACK_FOREIGN',
      message: `stack '${stackName}' is in REVIEW_IN_PROGRESS with change set '${foreign}' of somebody else: choose another name, or delete that stack in the CloudFormation console if nobody waits for it`,
      path: ['stacks', stackName],
    },
  ];
}
