import { isDeepStrictEqual } from 'node:util';
import { DeploymentError } from '../errors.js';
import { joinFailures } from '../internal/join-failures.js';
import { judgeStatus } from '../internal/judge-status.js';
import { runGraph } from '../internal/run-graph.js';
import type { StackDefinition } from '../options/stack-definition.js';
import { checkStacks } from '../plan/check-stacks.js';
import { chooseTags } from '../plan/choose-tags.js';
import {
  compareContent,
  compareDefinitions,
  compareInputs,
  compareSubject,
  type Difference,
} from '../plan/compare-saved.js';
import type { DeploymentReview, RemovalReview, StackState } from '../plan/deployment-review.js';
import { isLeftOpen, isSamePolicy } from '../plan/open-stack-policy.js';
import type { OrderedStack } from '../plan/order-stacks.js';
import { describeDefinition, type SavedPlan, type SavedReview } from '../plan/saved-plan.js';
import { type DeploymentContext, isNotFound } from './deployment-context.js';
import { findStacks, type StackSummary } from './get-stack-summaries.js';
import { readChangeSet } from './read-change-set.js';
import { readChangeSetTemplate } from './read-deployed-template.js';
import { readParameterValues } from './read-parameter-values.js';
import { reviewDeployment } from './review-deployment.js';
import { stateOf } from './review-stack.js';
import { findStackPolicy } from './stack-policy.js';
import { ensureNobodyDeploys } from './with-lock.js';

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
 * Makes sure that everything is as it was when the plan was saved: definitions, facts, account, region and role, the
 * stacks in the account with their protection, role and policy, the values that they read from SSM, and the change sets
 * with what they hold: changes, template, parameters and tags. A stack policy that a killed run left open is no
 * difference: it is closed. Returns the review to execute, which then makes no new change set,
 * except for a stack behind one that changed in the same run, and holds that one to the reviewed changes.
 *
 * Of an offline plan only the definitions can be checked. The account is reviewed now, and what it says has to be shown to
 * somebody before it is executed.
 *
 * Permissions: `cloudformation:DescribeStacks`, `DescribeChangeSet`, `GetTemplate`, `GetStackPolicy`, `ssm:GetParameters`
 * for parameters of SSM types; offline those of `reviewDeployment`. Costs nothing.
 *
 * @throws DeploymentError DEPLOYMENT_PLAN_MOVED with every difference among the problems; DEPLOYMENT_LOCKED when somebody
 *   alive is at work on this deployment
 */
export async function checkSavedPlan(options: CheckSavedPlanOptions): Promise<DeploymentReview> {
  const { plan, account, region, facts = {}, remove = [] } = options;
  const { ordered, toRemove } = checkStacks(options.stacks, remove, options.artifacts);
  await ensureNobodyDeploys(options);
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
    ...compareSubject(plan, { account, region, roleArn: options.roleArn, facts, remove: leaving }),
    ...compareDefinitions(plan.stacks, ordered.map(describeDefinition)),
  ];
  if (plan.basis === 'offline') {
    throwDifferences(differences);
    const { ownershipTag, protectedTypes, allowReplacement } = plan;
    return reviewDeployment({ ...options, protectedTypes, allowReplacement, ...(ownershipTag && { ownershipTag }) });
  }
  const leftOpen = new Set<string>();
  const redefined = new Set(differences.map(({ stackName }) => stackName));
  differences.push(...(await compareStacks(options, ordered, present, { leftOpen, redefined })));
  differences.push(...plan.removals.flatMap((removal) => compareRemoval(options, removal, present)));
  throwDifferences(differences);
  const definitions = new Map(ordered.map((definition) => [definition.name, definition]));
  return {
    stacks: plan.stacks.flatMap(({ name, review }) => {
      const definition = definitions.get(name);
      if (definition === undefined || review === undefined) return [];
      const { stackPolicyBody = review.stackPolicyBody } = leftOpen.has(name) ? definition : {};
      const outputs = present.get(name)?.outputs ?? {};
      return [{ ...emptyReview, ...review, definition, outputs, stackPolicyBody }];
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
  { leftOpen, redefined }: { readonly leftOpen: Set<string>; readonly redefined: ReadonlySet<string | undefined> },
): Promise<Difference[]> {
  const reviews = new Map(options.plan.stacks.map(({ name, review }) => [name, review]));
  const names = [...reviews.values()].flatMap((review) => Object.keys(review?.inputs ?? {}));
  const values = await readParameterValues(options, names);
  const { results, failures } = await runGraph(
    definitions.map((definition) => ({ name: definition.name, definition })),
    async ({ name: stackName, definition }) => {
      const review = reviews.get(stackName);
      if (review === undefined) return [];
      const stack = present.get(stackName);
      const messages = compareState(options, review, stack);
      if (messages.length > 0 || stack === undefined) return messages.map((message) => ({ stackName, message }));
      messages.push(...compareInputs(review.inputs ?? {}, values));
      const policy = await comparePolicy(options, definition, review);
      if (policy === 'left-open') leftOpen.add(stackName);
      if (policy === 'moved') messages.push('has another stack policy than when the plan was saved');
      // Against another definition than the planned one every change set is another.
      if (!redefined.has(stackName)) messages.push(...(await compareChangeSet(options, definition, review, stack)));
      return messages.map((message) => ({ stackName, message }));
    },
  );
  const failure = joinFailures(failures, 'DescribeChangeSet');
  if (failure !== undefined) throw failure;
  return [...results.values()].flat();
}

async function comparePolicy(
  context: DeploymentContext,
  definition: StackDefinition,
  { foundPolicyBody, stackId = '' }: SavedReview,
): Promise<'as-planned' | 'left-open' | 'moved'> {
  const { stackPolicyBody } = definition;
  if (foundPolicyBody === undefined || stackPolicyBody === undefined) return 'as-planned';
  const found = (await findStackPolicy(context, definition, stackId)) ?? '';
  if (isSamePolicy(found, foundPolicyBody) || isSamePolicy(found, stackPolicyBody)) return 'as-planned';
  return isLeftOpen(found, stackPolicyBody) ? 'left-open' : 'moved';
}

function compareState(
  { roleArn }: DeploymentContext,
  { stackId, state }: Pick<SavedReview, 'stackId' | 'state'>,
  found: StackSummary | undefined,
): string[] {
  const stack = judgeStatus(found?.status).kind === 'absent' ? undefined : found;
  if (stackId === undefined) return stack === undefined ? [] : [`exists now, in ${stack.status}`];
  if (stack === undefined) return ['does not exist any more'];
  if (stack.stackId !== stackId) return ['was deleted and made anew'];
  const now: StackState = stateOf(stack);
  if (now.status === state?.status && now.updatedAt === state.updatedAt) {
    // The making of a change set may have handed the role of the plan to the stack already.
    const isRole = now.roleArn === state.roleArn || (roleArn !== undefined && now.roleArn === roleArn);
    return [
      ...(isRole ? [] : [`has the role ${now.roleArn ?? 'of nobody'} now, had ${state.roleArn ?? 'none'}`]),
      ...(now.terminationProtection === state.terminationProtection
        ? []
        : [`has its termination protection ${now.terminationProtection ? 'on' : 'off'} now`]),
    ];
  }
  return [
    `was in ${state?.status ?? 'an unknown state'}${timeOf(state)} and is in ${now.status}${timeOf(now)} now: somebody else was at it`,
  ];
}

function timeOf(state: StackState | undefined): string {
  return state?.updatedAt === undefined ? '' : ` of ${state.updatedAt}`;
}

async function compareChangeSet(
  context: CheckSavedPlanOptions,
  definition: StackDefinition,
  { changeSetId, changes }: SavedReview,
  stack: StackSummary,
): Promise<readonly string[]> {
  if (changeSetId === undefined) return [];
  const gone = ['has no such change set any more, somebody deployed it or discarded the plan'];
  try {
    const reading = await readChangeSet(context, definition, changeSetId);
    if (!reading.isExecutable) return gone;
    const found: unknown = JSON.parse(JSON.stringify(reading.changes));
    const tags = chooseTags(definition, context.plan.ownershipTag, stack.tags);
    const templateBody = await readChangeSetTemplate(context, definition.name, changeSetId);
    return [
      ...(isDeepStrictEqual(found, changes) ? [] : ['has a change set that holds other changes than the plan']),
      ...compareContent(definition, tags, { ...reading, templateBody }),
    ];
  } catch (error) {
    if (isNotFound((error as DeploymentError).cause)) return gone;
    throw error;
  }
}

function compareRemoval(
  context: DeploymentContext,
  { stack, stackId, state }: RemovalReview,
  present: ReadonlyMap<string, StackSummary | undefined>,
): Difference[] {
  return compareState(context, { stackId, state }, present.get(stackId)).map((message) => ({
    stackName: stack.name,
    message,
  }));
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
