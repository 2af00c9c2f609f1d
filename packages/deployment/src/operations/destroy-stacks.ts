import { type Problem, silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import { judgeStatus } from '../internal/judge-status.js';
import { throwProblems } from '../internal/throw-problems.js';
import type { OwnershipTag } from '../options/stack-definition.js';
import { type OrderedStack, orderStacks } from '../plan/order-stacks.js';
import type { DeploymentContext } from './deployment-context.js';
import { destroyStack } from './destroy-stack.js';
import type { RetainedResource } from './find-retained-resources.js';
import { findForeignReview, findOwnershipProblem, findProtectionProblems } from './find-stack-problems.js';
import { findStack, type StackSummary } from './get-stack-summaries.js';

export interface DestroyStacksOptions extends DeploymentContext {
  /** Names in the order of deployment, or definitions in any order. The last one is deleted first. */
  readonly stacks: readonly (string | OrderedStack)[];
  /** An existing stack without this tag is refused. Default: none, any stack of the name is taken for one's own. */
  readonly ownershipTag?: OwnershipTag;
}

export interface DestroyResult {
  /** In the order of deletion. */
  readonly deleted: readonly string[];
  /** Names that no stack had. */
  readonly missing: readonly string[];
  /** What stays in the account because its template says so. It goes on costing. */
  readonly retained: readonly RetainedResource[];
}

/**
 * Deletes stacks, the last deployed first. Resources with the deletion policy Retain stay and are listed. A deletion
 * that is under way already is followed.
 *
 * An empty stack in REVIEW_IN_PROGRESS is deleted only when every change set that waits in it was made by this package:
 * it carries no tags yet by which it could be known.
 *
 * Permissions: `cloudformation:DescribeStacks`, `DescribeStackEvents`, `ListStackResources`, `ListChangeSets`,
 * `GetTemplate`, `DeleteStack`, and those to delete every resource.
 *
 * @throws DeploymentError about every stack that is protected, foreign or busy, before anything is deleted;
 *   DEPLOYMENT_DELETE_FAILED with the first real cause in `failure`; DEPLOYMENT_ABORTED when the signal went off:
 *   CloudFormation then finishes the deletion that it is at work on
 */
export async function destroyStacks(options: DestroyStacksOptions): Promise<DestroyResult> {
  const { reporter = silentReporter } = options;
  const names = orderStacks(options.stacks.map((stack) => (typeof stack === 'string' ? { name: stack } : stack)))
    .map(({ name }) => name)
    .reverse();
  const existing: StackSummary[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const stack = await findStack(options, name);
    if (stack !== undefined) existing.push(stack);
    else {
      missing.push(name);
      reporter.report(deploymentEvents.stackMissing({ stackName: name }));
    }
  }
  const problems: Problem[] = [];
  for (const stack of existing) problems.push(...(await findObstacles(options, stack)));
  throwProblems(problems);

  const deleted: string[] = [];
  const retained: RetainedResource[] = [];
  for (const stack of existing) {
    retained.push(...(await destroyStack(options, stack)));
    deleted.push(stack.stackName);
  }
  return { deleted, missing, retained };
}

async function findObstacles(context: DestroyStacksOptions, stack: StackSummary): Promise<Problem[]> {
  const { stackName, status } = stack;
  const problems: Problem[] = [];
  if (status === 'REVIEW_IN_PROGRESS') problems.push(...(await findForeignReview(context, stack)));
  else {
    const foreign = findOwnershipProblem(stack, context.ownershipTag);
    if (foreign !== undefined) problems.push(foreign);
  }
  problems.push(...findProtectionProblems(stack));
  if (judgeStatus(status).kind === 'busy' && status !== 'DELETE_IN_PROGRESS') {
    problems.push({
      code: 'DEPLOYMENT_STACK_BUSY',
      message: `stack '${stackName}' is in ${status}, nothing was deleted: run again when cloudformation has finished`,
      path: ['stacks', stackName],
    });
  }
  return problems;
}
