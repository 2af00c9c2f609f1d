import { DeploymentError } from '../errors.js';
import { joinFailures } from '../internal/join-failures.js';
import { runGraph } from '../internal/run-graph.js';
import type { DeploymentReview, RemovalReview } from '../plan/deployment-review.js';
import { type DeploymentContext, isStopped, stoppedBefore, withoutReporter } from './deployment-context.js';
import { destroyStack } from './destroy-stack.js';
import { discardReview } from './discard-review.js';
import { executeStack, type StackResult } from './execute-stack.js';
import type { RetainedResource } from './find-retained-resources.js';
import { findStack } from './get-stack-summaries.js';
import { stateOf } from './review-stack.js';

export interface ExecuteDeploymentOptions extends DeploymentContext {
  readonly review: DeploymentReview;
}

export interface DeploymentResult {
  /** In the order of the review. */
  readonly stacks: readonly StackResult[];
  /** Names of the stacks that went, in the order in which their deletions ended. */
  readonly removed: readonly string[];
  /** What stays in the account of the removed stacks. It goes on costing. */
  readonly retained: readonly RetainedResource[];
}

/**
 * Executes what was reviewed and nothing else: each stack after all that it depends on, at most eight at once, then the
 * removals in the reverse order. After the first failure nothing new begins, and what runs is followed to its end.
 *
 * A new stack gets its change set at its turn, because it may read what earlier ones make. A stack that depends on one
 * that changed in this run is looked at again first, and refused when anything would happen that was not reviewed, or to
 * a type that the review protects. So is one whose review was made from the templates: there every change has to be of a
 * resource and an action that the review lists, whatever becomes of the resource.
 *
 * A failed update is rolled back. A failed first creation is rolled back with everything it made, also what the
 * template retains, and the empty stack is deleted, so that the next run starts clean. Where nobody was there to delete
 * it, it was reviewed as a `leftover` and is deleted before the stack is made anew. Stacks that were finished before
 * stay; change sets that were not executed are deleted.
 *
 * Permissions: those of the review, `cloudformation:ExecuteChangeSet`, `DescribeStackEvents`, `DescribeEvents`,
 * `DeleteStack`, `ListStackResources`, `UpdateTerminationProtection`, `SetStackPolicy`, and those for every resource of
 * the templates, which a `roleArn` has instead, with `iam:PassRole` for it. Costs what the resources cost.
 *
 * @throws DeploymentError with the first real cause in `failure` when a stack fails, and what else failed meanwhile in
 *   `others`; DEPLOYMENT_REVIEW_STALE with each change that was not reviewed, DEPLOYMENT_REPLACEMENT_REFUSED with each
 *   protected resource that would go, DEPLOYMENT_DELETE_FAILED when a leftover or a removed stack cannot be deleted,
 *   DEPLOYMENT_ABORTED when a signal went off: CloudFormation then finishes the stacks that it is at work on
 */
export async function executeDeployment(options: ExecuteDeploymentOptions): Promise<DeploymentResult> {
  const { review } = options;
  const changed = new Set<string>();
  const stacks = review.stacks.map((stack) => ({ ...stack.definition, stack }));
  const run = await runGraph(
    stacks,
    async ({ name, dependsOn = [], stack }) => {
      const moved = dependsOn.find((dependency) => changed.has(dependency));
      const result = await executeStack(options, stack, moved);
      // A stack that depends on a moved one counts as moved: what it hands on may come from there.
      if (result.outcome !== 'unchanged' || moved !== undefined) changed.add(name);
      return result;
    },
    () => !isStopped(options),
  );
  const failure = joinFailures(run.failures, 'ExecuteChangeSet');
  if (failure !== undefined || run.unstarted.length > 0) {
    const rest = review.stacks.filter(({ definition }) => !run.results.has(definition.name));
    await discardReview({ ...withoutReporter(options), review: { stacks: rest } }).catch(() => {});
    throw failure ?? stoppedBefore(options, run.unstarted);
  }
  return {
    stacks: stacks.flatMap(({ name }) => run.results.get(name) ?? []),
    ...(await executeRemovals(options)),
  };
}

async function executeRemovals(options: ExecuteDeploymentOptions) {
  const removed: string[] = [];
  const retained: RetainedResource[] = [];
  const run = await runGraph(
    options.review.removals.map((removal) => ({ ...removal.stack, removal })),
    async ({ name, removal }) => {
      retained.push(...(await executeRemoval(options, removal)));
      removed.push(name);
    },
    () => !isStopped(options),
  );
  const failure = joinFailures(run.failures, 'DeleteStack');
  if (failure !== undefined) throw failure;
  if (run.unstarted.length > 0) throw stoppedBefore(options, run.unstarted);
  return { removed, retained };
}

async function executeRemoval(
  context: DeploymentContext,
  { stack: { name }, stackId, state, releasesProtection }: RemovalReview,
): Promise<RetainedResource[]> {
  const stack = await findStack(context, stackId);
  if (stack === undefined || stack.status === 'DELETE_COMPLETE') return [];
  const now = stateOf(stack);
  if (stack.status !== 'DELETE_IN_PROGRESS' && (now.status !== state.status || now.updatedAt !== state.updatedAt)) {
    throw new DeploymentError(
      'DEPLOYMENT_REVIEW_STALE',
      `stack '${name}' was not removed, because it changed since its review (${state.status} then, ${now.status}${now.updatedAt === undefined ? '' : ` of ${now.updatedAt}`} now): review again`,
    );
  }
  return destroyStack({ ...context, releaseProtection: releasesProtection }, stack);
}
