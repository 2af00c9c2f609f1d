import { type Problem, silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import { joinFailures } from '../internal/join-failures.js';
import { judgeStatus } from '../internal/judge-status.js';
import { runGraph } from '../internal/run-graph.js';
import { throwProblems } from '../internal/throw-problems.js';
import type { OwnershipTag, StackDefinition } from '../options/stack-definition.js';
import { checkStacks } from '../plan/check-stacks.js';
import { findInputs } from '../plan/compare-stack.js';
import type { DeploymentReview, RemovalReview, StackReview } from '../plan/deployment-review.js';
import { findRefusedChanges, REPLACEMENT_WAY_OUT } from '../plan/find-refused-changes.js';
import type { OrderedStack } from '../plan/order-stacks.js';
import { type DeploymentContext, isStopped, stoppedBefore } from './deployment-context.js';
import { discardReview } from './discard-review.js';
import { findNamingProblems } from './find-naming-problems.js';
import { splitResources } from './find-retained-resources.js';
import { findRemovalProblems, findStackProblems } from './find-stack-problems.js';
import { findStacks, type StackSummary } from './get-stack-summaries.js';
import { nameOther } from './name-other.js';
import { parametersRead, readParameterValues } from './read-parameter-values.js';
import { reviewStack, stateOf } from './review-stack.js';
import { needsSettling, settleStacks } from './settle-stacks.js';
import { ensureNobodyDeploys, withLock } from './with-lock.js';

export interface ReviewDeploymentOptions extends DeploymentContext {
  /** In any order: dependencies decide. */
  readonly stacks: readonly StackDefinition[];
  /**
   * Existing stacks that shall go once the others are as they shall be, in any order: none goes before all that depend
   * on it. They may depend on `stacks` too. Default: none.
   */
  readonly remove?: readonly OrderedStack[];
  /** Whether termination protection of the stacks in `remove` is switched off. Default: no, they are refused. */
  readonly releaseProtection?: boolean;
  /**
   * A tag that every stack of this caller carries. It is added to the stacks, and an existing stack without it is
   * refused. Default: none, any stack of the name is taken for one's own.
   */
  readonly ownershipTag?: OwnershipTag;
  /**
   * Resource types, e.g. `AWS::EFS::FileSystem`, whose replacement or removal would lose data or cannot work. A change
   * that does that to one of their resources, or may do it, is refused. A nested stack is one resource here: what it
   * holds is not seen. Stacks in `remove` are not held to it. Default: none.
   */
  readonly protectedTypes?: readonly string[];
  /**
   * Logical ids, or `stack/LogicalId`, of resources that may be replaced or removed all the same. While the stack is
   * updated, its stack policy is open for them. Default: none.
   */
  readonly allowReplacement?: readonly string[];
  /** Whether the failed rollback of an update (`UPDATE_ROLLBACK_FAILED`) is taken up again first. Default: no. */
  readonly continueRollback?: boolean;
  /**
   * `stack/LogicalId` of resources that a continued rollback shall leave as they are. Their stacks then believe them to
   * be what they were before the update. Default: none.
   */
  readonly skipResources?: readonly string[];
  /** Stacks as they were read a moment ago, e.g. by `findStacksByTag`: these are not asked for again. Default: none. */
  readonly present?: readonly StackSummary[];
}

/**
 * Finds out what a deployment would do and changes no resource. Stacks are compared at once where their dependencies let.
 * An existing stack whose template, parameters, tags and SSM values are the same already needs two calls; any other gets a
 * change set, and new ones are read from their template, which CloudFormation validates. An existing one that reads an SSM
 * parameter which does not exist is read from the templates, provided that a stack it depends on, directly or through
 * others, is going to change. The caller's own stack in ROLLBACK_COMPLETE, which a failed first creation leaves, is
 * reviewed as a new one. Pass the result to `executeDeployment` or `discardReview`.
 *
 * With `artifacts` and a `claim` somebody alive who holds the lock is looked for first. A stack on which CloudFormation is
 * at work is then followed to its end, under the lock. With `continueRollback` a failed rollback is
 * taken up again, the only case in which a review touches resources.
 *
 * Permissions: `cloudformation:DescribeStacks`, `GetTemplate`, `GetStackPolicy`, `CreateChangeSet`, `DescribeChangeSet`,
 * `DeleteChangeSet`, `ListChangeSets`, `ValidateTemplate`; `DescribeStackEvents` to follow and for failed
 * rollbacks; `ListStackResources` for removals; `ContinueUpdateRollback` where asked; `ssm:GetParameters` for parameters of SSM types.
 * Costs nothing.
 *
 * @throws DeploymentError about everything that is wrong with the stacks, before any call; DEPLOYMENT_RESOURCE_UNKNOWN
 *   about names in `allowReplacement` and `skipResources` that mean nothing, before anything is done; about every stack that is
 *   foreign, stuck or protected from a removal, before any change set; when a change set fails, and
 *   DEPLOYMENT_REPLACEMENT_REFUSED with each resource of a protected type that would go, after the change sets were deleted;
 *   DEPLOYMENT_LOCKED when somebody alive is at work on this deployment, DEPLOYMENT_REVIEW_STALE when somebody deleted a
 *   stack meanwhile
 */
export async function reviewDeployment(options: ReviewDeploymentOptions): Promise<DeploymentReview> {
  try {
    return await review(options);
  } catch (error) {
    throw await nameOther(options, error);
  }
}

async function review(options: ReviewDeploymentOptions): Promise<DeploymentReview> {
  const { reporter = silentReporter, ownershipTag, protectedTypes = [], allowReplacement = [] } = options;
  const { ordered, toRemove } = checkStacks(options.stacks, options.remove, options.artifacts);
  const names = ordered.map(({ name }) => name);
  reporter.report(deploymentEvents.reviewStarted({ stackNames: names }));
  await ensureNobodyDeploys(options);
  const existing = await findExisting(options, [...names, ...toRemove.map(({ name }) => name)]);
  await throwStackProblems(options, existing, names);

  const resolved = await readParameterValues(options, [
    ...[...existing.values()].flatMap(parametersRead),
    ...ordered.flatMap((definition) => (existing.has(definition.name) ? (findInputs(definition) ?? []) : [])),
  ]);
  const moving = new Set<string>();
  const run = await runGraph(
    ordered,
    async (definition) => {
      const { name: stackName, dependsOn = [] } = definition;
      const follows = dependsOn.some((dependency) => moving.has(dependency));
      const stack = existing.get(stackName);
      const review = await reviewStack(options, { definition, ownershipTag, stack, resolved, follows });
      const { action, basis, leftover, changes } = review;
      if (action !== 'none' || follows) moving.add(stackName);
      reporter.report(deploymentEvents.stackReviewed({ stackName, action, basis, leftover, changes: changes?.length }));
      return review;
    },
    () => !isStopped(options),
  );
  const reviews = names.flatMap((name) => run.results.get(name) ?? []);
  try {
    const failure = joinFailures(run.failures, 'CreateChangeSet');
    if (failure !== undefined) throw failure;
    if (run.unstarted.length > 0) throw stoppedBefore(options, run.unstarted);
    throwProblems(findRefused(reviews, protectedTypes, allowReplacement), REPLACEMENT_WAY_OUT);
    const removals = await reviewRemovals(options, toRemove, existing);
    return { stacks: reviews, removals, ownershipTag, protectedTypes, allowReplacement };
  } catch (error) {
    await discardReview({ ...options, review: { stacks: reviews } }).catch(() => {});
    throw error;
  }
}

/** The stacks that are there, after what CloudFormation is at work on has ended. */
async function findExisting(
  options: ReviewDeploymentOptions,
  names: readonly string[],
): Promise<ReadonlyMap<string, StackSummary>> {
  const present = new Map((options.present ?? []).map((stack) => [stack.stackName, stack]));
  const asked = await findStacks(
    options,
    names.filter((name) => !present.has(name)),
  );
  const found = new Map<string, StackSummary>();
  for (const name of names) {
    const stack = present.get(name) ?? asked.get(name);
    if (stack !== undefined && judgeStatus(stack.status).kind !== 'absent') found.set(name, stack);
  }
  throwProblems(await findNamingProblems(options, options.stacks, found));
  const isUnsettled = [...found.values()].some(({ status }) => needsSettling(options, status));
  if (!isUnsettled) return found;
  const settled = await withLock(options, (context) => settleStacks(context, found));
  // The stack that makes the bucket of the lock may be what was followed: who made it holds the lock by now.
  await ensureNobodyDeploys(options);
  return settled;
}

async function throwStackProblems(
  options: ReviewDeploymentOptions,
  existing: ReadonlyMap<string, StackSummary>,
  kept: readonly string[],
): Promise<void> {
  const problems: Problem[] = [];
  for (const [name, stack] of existing) {
    problems.push(
      ...(kept.includes(name)
        ? await findStackProblems(options, stack, options.ownershipTag)
        : await findRemovalProblems(options, stack)),
    );
  }
  throwProblems(problems);
}

function findRefused(
  reviews: readonly StackReview[],
  protectedTypes: readonly string[],
  allowReplacement: readonly string[],
): Problem[] {
  return reviews.flatMap(({ definition: { name }, basis, changes = [] }) => {
    // A mere guess refuses nothing: the change set is held to the same types at its turn.
    const certain = basis === 'template' ? changes.filter(({ action }) => action === 'remove') : changes;
    return findRefusedChanges(name, certain, { protectedTypes, allowReplacement });
  });
}

async function reviewRemovals(
  options: ReviewDeploymentOptions,
  toRemove: readonly OrderedStack[],
  existing: ReadonlyMap<string, StackSummary>,
): Promise<RemovalReview[]> {
  const { reporter = silentReporter } = options;
  for (const { name } of toRemove) {
    if (!existing.has(name)) reporter.report(deploymentEvents.stackMissing({ stackName: name }));
  }
  const found = toRemove.flatMap((order) => {
    const stack = existing.get(order.name);
    return stack === undefined ? [] : [{ name: order.name, order, stack }];
  });
  const { results, failures } = await runGraph(found, async ({ order, stack }): Promise<RemovalReview> => {
    const { stackId, terminationProtection: releasesProtection } = stack;
    const { deleted, retained } = await splitResources(options, stack);
    return { stack: order, stackId, state: stateOf(stack), deleted, retained, releasesProtection };
  });
  const failure = joinFailures(failures, 'ListStackResources');
  if (failure !== undefined) throw failure;
  return found.flatMap(({ name }) => results.get(name) ?? []);
}
