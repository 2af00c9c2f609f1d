import { isDeepStrictEqual } from 'node:util';
import { DeploymentError } from '../errors.js';
import { joinFailures } from '../internal/join-failures.js';
import { judgeStatus } from '../internal/judge-status.js';
import { runGraph } from '../internal/run-graph.js';
import type { StackDefinition } from '../options/stack-definition.js';
import { checkStacks } from '../plan/check-stacks.js';
import { compareDefinitions, compareSubject, type Difference } from '../plan/compare-saved.js';
import type { DeploymentReview, RemovalReview, StackState } from '../plan/deployment-review.js';
import type { OrderedStack } from '../plan/order-stacks.js';
import { describeDefinition, type SavedPlan, type SavedReview } from '../plan/saved-plan.js';
import { type DeploymentContext, isNotFound } from './deployment-context.js';
import { findStacks, type StackSummary } from './get-stack-summaries.js';
import { readChangeSet } from './read-change-set.js';
import { reviewDeployment } from './review-deployment.js';
import { stateOf } from './review-stack.js';

export interface CheckSavedPlanOptions extends DeploymentContext {
  readonly plan: SavedPlan;
  /** What shall be by now, e.g. rendered from the configuration anew. In any order. */
  readonly stacks: readonly StackDefinition[];
  /** As for `reviewDeployment`. Default: none. */
  readonly remove?: readonly OrderedStack[];
  /** The account that the credentials belong to. */
  readonly account: string;
  readonly region: string;
  /** What else must not have moved, as it is now. Default: nothing. */
  readonly facts?: Readonly<Record<string, string>>;
}

/**
 * Makes sure that everything is as it was when the plan was saved: definitions, facts, account and region, the stacks in
 * the account, and the change sets with what they hold. Returns the review to execute, which then makes no new change set,
 * except for a stack behind one that changed in the same run, and holds that one to the reviewed changes.
 *
 * Of an offline plan only the definitions can be checked. The account is reviewed now, and what it says has to be shown to
 * somebody before it is executed.
 *
 * Permissions: `cloudformation:DescribeStacks`, `DescribeChangeSet`; offline those of `reviewDeployment`. Costs nothing.
 *
 * @throws DeploymentError DEPLOYMENT_PLAN_MOVED with every difference among the problems
 */
export async function checkSavedPlan(options: CheckSavedPlanOptions): Promise<DeploymentReview> {
  const { plan, account, region, facts = {}, remove = [] } = options;
  const { ordered, toRemove } = checkStacks(options.stacks, remove, options.artifacts);
  // Stacks of an account that are gone already had not to be planned.
  const planned = new Set(plan.remove);
  const removeNow = toRemove.map(({ name }) => name);
  const present = await findStacks(options, [
    ...ordered.map(({ name }) => name),
    ...removeNow,
    ...plan.removals.map(({ stackId }) => stackId),
  ]);
  const leaving = removeNow.filter((name) => planned.has(name) || present.get(name) !== undefined);
  const differences: Difference[] = [
    ...compareSubject(plan, { account, region, facts, remove: leaving }),
    ...compareDefinitions(plan.stacks, ordered.map(describeDefinition)),
  ];
  if (plan.basis === 'offline') {
    throwDifferences(differences);
    const { ownershipTag, protectedTypes, allowReplacement } = plan;
    return reviewDeployment({ ...options, protectedTypes, allowReplacement, ...(ownershipTag && { ownershipTag }) });
  }
  differences.push(...(await compareStacks(options, ordered, present)));
  differences.push(...plan.removals.flatMap((removal) => compareRemoval(removal, present.get(removal.stackId))));
  throwDifferences(differences);
  const definitions = new Map(ordered.map((definition) => [definition.name, definition]));
  return {
    stacks: plan.stacks.flatMap(({ name, review }) => {
      const definition = definitions.get(name);
      if (definition === undefined || review === undefined) return [];
      return [{ ...emptyReview, ...review, definition, outputs: present.get(name)?.outputs ?? {} }];
    }),
    removals: plan.removals,
    ownershipTag: plan.ownershipTag,
    protectedTypes: plan.protectedTypes,
    allowReplacement: plan.allowReplacement,
    saved: true,
  };
}

/** What JSON leaves out. */
const emptyReview = {
  changes: undefined,
  changeSetId: undefined,
  leftover: undefined,
  stackId: undefined,
  state: undefined,
  terminationProtection: undefined,
  stackPolicyBody: undefined,
};

async function compareStacks(
  options: CheckSavedPlanOptions,
  definitions: readonly StackDefinition[],
  present: ReadonlyMap<string, StackSummary | undefined>,
): Promise<Difference[]> {
  const reviews = new Map(options.plan.stacks.map(({ name, review }) => [name, review]));
  const { results, failures } = await runGraph(
    definitions.map((definition) => ({ name: definition.name, definition })),
    async ({ name: stackName, definition }) => {
      const review = reviews.get(stackName);
      if (review === undefined) return [];
      const messages = compareState(review, present.get(stackName));
      if (messages.length === 0) messages.push(...(await compareChangeSet(options, definition, review)));
      return messages.map((message) => ({ stackName, message }));
    },
  );
  const failure = joinFailures(failures, 'DescribeChangeSet');
  if (failure !== undefined) throw failure;
  return [...results.values()].flat();
}

function compareState(
  { stackId, state }: Pick<SavedReview, 'stackId' | 'state'>,
  found: StackSummary | undefined,
): string[] {
  const stack = judgeStatus(found?.status).kind === 'absent' ? undefined : found;
  if (stackId === undefined) return stack === undefined ? [] : [`exists now, in ${stack.status}`];
  if (stack === undefined) return ['does not exist any more'];
  if (stack.stackId !== stackId) return ['was deleted and made anew'];
  const now: StackState = stateOf(stack);
  if (now.status === state?.status && now.updatedAt === state.updatedAt) return [];
  return [
    `was in ${state?.status ?? 'an unknown state'}${timeOf(state)} and is in ${now.status}${timeOf(now)} now: somebody else was at it`,
  ];
}

function timeOf(state: StackState | undefined): string {
  return state?.updatedAt === undefined ? '' : ` of ${state.updatedAt}`;
}

async function compareChangeSet(
  context: DeploymentContext,
  definition: StackDefinition,
  { changeSetId, changes }: SavedReview,
): Promise<string[]> {
  if (changeSetId === undefined) return [];
  const gone = ['has no such change set any more, somebody deployed it or discarded the plan'];
  try {
    const reading = await readChangeSet(context, definition, changeSetId);
    if (!reading.isExecutable) return gone;
    const found: unknown = JSON.parse(JSON.stringify(reading.changes));
    return isDeepStrictEqual(found, changes) ? [] : ['has a change set that holds other changes than the plan'];
  } catch (error) {
    if (isNotFound((error as DeploymentError).cause)) return gone;
    throw error;
  }
}

function compareRemoval({ stack, stackId, state }: RemovalReview, found: StackSummary | undefined): Difference[] {
  return compareState({ stackId, state }, found).map((message) => ({ stackName: stack.name, message }));
}

function throwDifferences(differences: readonly Difference[]): void {
  if (differences.length === 0) return;
  const messages = differences.map(({ stackName, message }) =>
    stackName === undefined ? message : `stack '${stackName}' ${message}`,
  );
  throw new DeploymentError(
    'DEPLOYMENT_PLAN_MOVED',
    `nothing was touched, because things are not as they were when the plan was saved: ${messages.join(' · ')}`,
    {
      problems: differences.map(({ stackName }, index) => ({
        code: 'DEPLOYMENT_PLAN_MOVED',
        message: messages[index] ?? '',
        path: stackName === undefined ? [] : ['stacks', stackName],
      })),
      hint: 'plan again, look at it, and deploy that plan',
    },
  );
}
