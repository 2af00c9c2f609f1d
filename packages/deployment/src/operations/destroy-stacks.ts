import { type Problem, silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import { joinFailures } from '../internal/join-failures.js';
import { runGraph } from '../internal/run-graph.js';
import { throwProblems } from '../internal/throw-problems.js';
import type { OwnershipTag } from '../options/stack-definition.js';
import { type OrderedStack, reverseStacks } from '../plan/order-stacks.js';
import { type DeploymentContext, isStopped, stoppedBefore } from './deployment-context.js';
import { destroyStack } from './destroy-stack.js';
import type { RetainedResource } from './find-retained-resources.js';
import { findRemovalProblems } from './find-stack-problems.js';
import { findStacks, type StackSummary } from './get-stack-summaries.js';
import { settleStacks } from './settle-stacks.js';
import { ensureNobodyDeploys, type LockedContext, withLock } from './with-lock.js';

export interface DestroyStacksOptions extends DeploymentContext {
  /**
   * Definitions in any order: a stack is deleted when all that depend on it are gone, several at once. Names are taken to
   * be in the order of deployment, each depending on the one before it, so that the last one is deleted first.
   */
  readonly stacks: readonly (string | OrderedStack)[];
  /** An existing stack without this tag is refused. Default: none, any stack of the name is taken for one's own. */
  readonly ownershipTag?: OwnershipTag;
  /** Whether termination protection is switched off where it is on. Default: no, such a stack is refused. */
  readonly releaseProtection?: boolean;
  /**
   * Is called once all stacks are gone, still under the lock where there is one: work under the signal of `held`, and
   * call its `confirmLock` before each step. Default: nothing more is done.
   */
  readonly afterwards?: (held: LockedContext) => Promise<void>;
}

export interface DestroyResult {
  /** In the order in which their deletions ended. */
  readonly deleted: readonly string[];
  /** Names that no stack had. */
  readonly missing: readonly string[];
  /** What stays in the account because its template says so. It goes on costing. */
  readonly retained: readonly RetainedResource[];
}

/**
 * Deletes stacks, the last deployed first and at most eight at once. Resources with the deletion policy Retain stay and
 * are listed. A deletion that is under way already is followed; anything else that CloudFormation is at work on is
 * followed to its end before the stack is deleted. After the first failure no further deletion begins. With `artifacts`
 * and a `claim` this happens under the lock of the deployment, or, where somebody deleted the bucket, without it.
 *
 * An empty stack in REVIEW_IN_PROGRESS is deleted only when every change set that waits in it was made by this package:
 * it carries no tags yet by which it could be known.
 *
 * Permissions: `cloudformation:DescribeStacks`, `DescribeStackEvents`, `ListStackResources`, `ListChangeSets`,
 * `GetTemplate`, `DeleteStack`, and those to delete every resource; `UpdateTerminationProtection` with `releaseProtection`;
 * those of `holdLock` with `artifacts`.
 *
 * @throws DeploymentError about every stack that is protected or foreign, before anything is deleted;
 *   DEPLOYMENT_DELETE_FAILED with the first real cause in `failure`; DEPLOYMENT_ABORTED when a signal went off:
 *   CloudFormation then finishes the deletions that it is at work on
 */
export async function destroyStacks(options: DestroyStacksOptions): Promise<DestroyResult> {
  const { reporter = silentReporter } = options;
  const order = reverseStacks(withDependencies(options.stacks));
  await ensureNobodyDeploys(options);
  const found = await findStacks(
    options,
    order.map(({ name }) => name),
  );
  const missing = order.map(({ name }) => name).filter((name) => found.get(name) === undefined);
  for (const stackName of missing) reporter.report(deploymentEvents.stackMissing({ stackName }));
  const problems: Problem[] = [];
  for (const { name } of order) {
    const stack = found.get(name);
    if (stack !== undefined) problems.push(...(await findRemovalProblems(options, stack)));
  }
  throwProblems(problems);

  const present = order.filter(({ name }) => found.get(name) !== undefined);
  const work = async (context: DestroyStacksOptions) => {
    const result = await destroyPresent(context, present, found);
    await options.afterwards?.(context);
    return result;
  };
  return {
    ...(await (present.length > 0 ? withLock(options, work, { withoutBucket: true }) : work(options))),
    missing,
  };
}

async function destroyPresent(
  context: DestroyStacksOptions,
  order: readonly OrderedStack[],
  found: ReadonlyMap<string, StackSummary | undefined>,
): Promise<Omit<DestroyResult, 'missing'>> {
  const deleted: string[] = [];
  const retained: RetainedResource[] = [];
  const run = await runGraph(
    order,
    async ({ name }) => {
      retained.push(...(await settleAndDestroy(context, found.get(name) as StackSummary)));
      deleted.push(name);
    },
    () => !isStopped(context),
  );
  const failure = joinFailures(run.failures, 'DeleteStack');
  if (failure !== undefined) throw failure;
  if (run.unstarted.length > 0) throw stoppedBefore(context, run.unstarted);
  return { deleted, retained };
}

async function settleAndDestroy(options: DestroyStacksOptions, stack: StackSummary): Promise<RetainedResource[]> {
  if (stack.status === 'DELETE_IN_PROGRESS') return destroyStack(options, stack);
  const [settled] = (await settleStacks(options, new Map([[stack.stackName, stack]]))).values();
  return settled === undefined ? [] : destroyStack(options, settled);
}

function withDependencies(stacks: readonly (string | OrderedStack)[]): OrderedStack[] {
  let previous: string | undefined;
  return stacks.map((stack) => {
    if (typeof stack !== 'string') return stack;
    const dependsOn = previous === undefined ? [] : [previous];
    previous = stack;
    return { name: stack, dependsOn };
  });
}
