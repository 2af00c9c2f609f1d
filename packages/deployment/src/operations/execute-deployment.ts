import { DeploymentError } from '../errors.js';
import { joinFailures } from '../internal/join-failures.js';
import { runGraph } from '../internal/run-graph.js';
import type { DeploymentReview, RemovalReview, StackReview } from '../plan/deployment-review.js';
import { findArtifactBucket } from './artifact-store.js';
import { type DeploymentContext, isStopped, stoppedBefore, withoutReporter } from './deployment-context.js';
import { destroyStack } from './destroy-stack.js';
import { discardReview } from './discard-review.js';
import { executeStack, type StackResult } from './execute-stack.js';
import type { RetainedResource } from './find-retained-resources.js';
import { findStack } from './get-stack-summaries.js';
import { nameOther } from './name-other.js';
import { recordOutcome } from './record-outcome.js';
import { stateOf } from './review-stack.js';
import { type LockedContext, withLock } from './with-lock.js';

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
 * With `artifacts` and a `claim` this happens under the lock of the deployment, and what became of it is written down.
 * Where a stack of the review makes the bucket for both, it goes first and without a lock.
 *
 * A new stack gets its change set at its turn, because it may read what earlier ones make. A stack that depends on one
 * that changed in this run, and may read something else now, is looked at again first, and refused when anything would
 * happen that was not reviewed, or to a type that the review protects. So is one whose review was made from the
 * templates: there every change has to be of a resource and an action that the review lists, whatever becomes of the
 * resource.
 *
 * A failed update is rolled back. A failed first creation is rolled back with everything it made, also what the
 * template retains, and the empty stack is deleted, so that the next run starts clean. Where nobody was there to delete
 * it, it was reviewed as a `leftover` and is deleted before the stack is made anew. Stacks that were finished before
 * stay; change sets that were not executed are deleted.
 *
 * Permissions: those of the review, `cloudformation:ExecuteChangeSet`, `DescribeStackEvents`, `DescribeEvents`,
 * `DeleteStack`, `ListStackResources`, `UpdateTerminationProtection`, `SetStackPolicy`, and those for every resource of
 * the templates, which a `roleArn` has instead, with `iam:PassRole` for it; with `artifacts` those of `holdLock` and
 * `recordDeployment`. Costs what the resources cost.
 *
 * @throws DeploymentError with the first real cause in `failure` when a stack fails, and what else failed meanwhile in
 *   `others`; DEPLOYMENT_REVIEW_STALE with each change that was not reviewed, DEPLOYMENT_REPLACEMENT_REFUSED with each
 *   protected resource that would go, DEPLOYMENT_DELETE_FAILED when a leftover or a removed stack cannot be deleted,
 *   DEPLOYMENT_LOCKED when somebody else deploys now, DEPLOYMENT_LOCK_LOST when somebody took the lock over, and
 *   DEPLOYMENT_ABORTED when a signal went off: CloudFormation then finishes the stacks that it is at work on
 */
export async function executeDeployment(options: ExecuteDeploymentOptions): Promise<DeploymentResult> {
  const { review } = options;
  const progress: Progress = { results: new Map(), changed: new Set(), failed: [], removed: [], retained: [] };
  const makers = hasWork(review) ? await findBucketMakers(options) : new Set<string>();
  await executeStacks(options, makers, progress).catch(async (error) => {
    throw await nameOther(options, error);
  });
  let begun = false;
  const rest = async (context: ExecuteDeploymentOptions) => {
    begun = true;
    try {
      const names = review.stacks.map(({ definition }) => definition.name).filter((name) => !makers.has(name));
      await executeStacks(context, new Set(names), progress);
      await executeRemovals(context, progress);
    } catch (error) {
      // Before this run's own record is the last one.
      throw await nameOther(context, error);
    } finally {
      if (didWork(progress)) await recordOutcome(options, progress);
    }
  };
  try {
    await (hasWork(review) ? withLock(options, rest) : rest(options));
  } catch (error) {
    // Without the lock nothing was begun. A saved plan may be tried again when it is free.
    if (!begun && !review.saved) await discardRest(options, progress);
    throw error;
  }
  const { results, removed, retained } = progress;
  return { stacks: review.stacks.flatMap(({ definition }) => results.get(definition.name) ?? []), removed, retained };
}

/** What has become of a deployment so far. */
interface Progress {
  readonly results: Map<string, StackResult>;
  /** Names of the stacks that changed, and of those that depend on them: what they hand on may come from there. */
  readonly changed: Set<string>;
  readonly failed: string[];
  readonly removed: string[];
  readonly retained: RetainedResource[];
}

function hasWork({ stacks, removals }: DeploymentReview): boolean {
  const isWork = ({ action, terminationProtection, stackPolicyBody }: StackReview) =>
    action !== 'none' || terminationProtection !== undefined || stackPolicyBody !== undefined;
  return removals.length > 0 || stacks.some(isWork);
}

function didWork({ results, failed, removed }: Progress): boolean {
  return failed.length + removed.length > 0 || [...results.values()].some(({ outcome }) => outcome !== 'unchanged');
}

/** The stack that makes the bucket of the lock, and all that it depends on, while there is no such bucket. */
async function findBucketMakers(options: ExecuteDeploymentOptions): Promise<ReadonlySet<string>> {
  const { artifacts: store, claim, review } = options;
  if (store === undefined || claim === undefined || typeof store.bucket === 'string') return new Set();
  if ((await findArtifactBucket({ ...options, store })) !== undefined) return new Set();
  const byName = new Map(review.stacks.map(({ definition }) => [definition.name, definition]));
  const makers = new Set<string>();
  const add = (name: string) => {
    const definition = byName.get(name);
    if (definition === undefined || makers.has(name)) return;
    makers.add(name);
    definition.dependsOn?.forEach(add);
  };
  add(store.bucket.stackName);
  return makers;
}

async function executeStacks(
  context: ExecuteDeploymentOptions,
  names: ReadonlySet<string>,
  { results, changed, failed }: Progress,
): Promise<void> {
  const { review } = context;
  const run = await runGraph(
    review.stacks.map((stack) => ({ ...stack.definition, stack })).filter(({ name }) => names.has(name)),
    async ({ name, dependsOn = [], stack }) => {
      const moved = dependsOn.find((dependency) => changed.has(dependency));
      const result = await executeStack(context, stack, moved);
      results.set(name, result);
      if (result.outcome !== 'unchanged' || moved !== undefined) changed.add(name);
    },
    () => !isStopped(context),
  );
  failed.push(...run.failures.map(({ stackName }) => stackName));
  const failure = joinFailures(run.failures, 'ExecuteChangeSet');
  if (failure === undefined && run.unstarted.length === 0) return;
  await discardRest(context, { results });
  throw failure ?? stoppedBefore(context, run.unstarted);
}

/** Why the deployment ended is what the caller has to hear, not what became of its change sets. */
async function discardRest(context: ExecuteDeploymentOptions, { results }: Pick<Progress, 'results'>): Promise<void> {
  const stacks = context.review.stacks.filter(({ definition }) => !results.has(definition.name));
  await discardReview({ ...withoutReporter(context), review: { stacks } }).catch(() => {});
}

async function executeRemovals(context: ExecuteDeploymentOptions, { removed, retained }: Progress): Promise<void> {
  const run = await runGraph(
    context.review.removals.map((removal) => ({ ...removal.stack, removal })),
    async ({ name, removal }) => {
      retained.push(...(await executeRemoval(context, removal)));
      removed.push(name);
    },
    () => !isStopped(context),
  );
  const failure = joinFailures(run.failures, 'DeleteStack');
  if (failure !== undefined) throw failure;
  if (run.unstarted.length > 0) throw stoppedBefore(context, run.unstarted);
}

async function executeRemoval(
  context: LockedContext,
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
