import { GetTemplateCommand, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { type Problem, silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import { judgeStatus, type Leftover } from '../internal/judge-status.js';
import { throwProblems } from '../internal/throw-problems.js';
import type { OwnershipTag, StackDefinition } from '../options/stack-definition.js';
import { checkStacks } from '../plan/check-stacks.js';
import { chooseTags } from '../plan/choose-tags.js';
import { compareTemplates } from '../plan/compare-templates.js';
import { findRefusedChanges, REPLACEMENT_WAY_OUT } from '../plan/find-refused-changes.js';
import { readTemplate } from '../plan/read-template.js';
import type { ResourceChange } from '../plan/resource-change.js';
import { createChangeSet, isMissingInput } from './create-change-set.js';
import { abortable, call, type DeploymentContext } from './deployment-context.js';
import { discardReview } from './discard-review.js';
import { findStackProblems } from './find-stack-problems.js';
import { findStack, type StackSummary } from './get-stack-summaries.js';

export interface ReviewDeploymentOptions extends DeploymentContext {
  /** In any order: dependencies decide. */
  readonly stacks: readonly StackDefinition[];
  /**
   * A tag that every stack of this caller carries. It is added to the stacks, and an existing stack without it is
   * refused. Default: none, any stack of the name is taken for one's own.
   */
  readonly ownershipTag?: OwnershipTag;
  /**
   * Resource types, e.g. `AWS::EFS::FileSystem`, whose replacement or removal would lose data or cannot work. A change
   * that does that to one of their resources, or may do it, is refused. A nested stack is one resource here: what it
   * holds is not seen. Default: none.
   */
  readonly protectedTypes?: readonly string[];
}

/** What a deployment would do, as plain data. */
export interface DeploymentReview {
  /** In the order of deployment. */
  readonly stacks: readonly StackReview[];
  readonly ownershipTag: OwnershipTag | undefined;
  /** Held to also when a stack is compared again during the execution. */
  readonly protectedTypes: readonly string[];
}

export interface StackReview {
  readonly definition: StackDefinition;
  readonly action: 'create' | 'update' | 'none';
  /**
   * What the changes were read from. A `change-set` holds exactly them. A `template` tells them for a new stack, and for
   * an existing one that reads an SSM parameter which an earlier stack has yet to make, so that CloudFormation cannot
   * compute them now: its deployed template is compared with the wanted one.
   */
  readonly basis: 'change-set' | 'template';
  /**
   * What happens to each resource. Read from a template, a resource whose condition is false counts too. Read from two,
   * a resource whose properties differ, or refer to something that changes, is `maybe-replaced`, and which of its
   * properties would replace it is not known. Undefined for a new stack whose template is YAML.
   */
  readonly changes: readonly ResourceChange[] | undefined;
  /** The change set that holds exactly these changes. Undefined unless `basis` is `change-set` and `action` `update`. */
  readonly changeSetId: string | undefined;
  /**
   * The state of what an earlier, failed creation left, where nobody was there to delete it. It holds no resources and
   * is deleted before the stack is made; what its template retained stays in the account. Undefined otherwise.
   */
  readonly leftover: Leftover | undefined;
  /** Undefined for a stack that does not exist. That of the leftover, where there is one. */
  readonly stackId: string | undefined;
  /** The outputs that the stack has now. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What termination protection will be switched to. Undefined when it stays as it is. */
  readonly terminationProtection: boolean | undefined;
}

/**
 * Finds out what a deployment would do and changes no resource. Existing stacks get a change set, new ones are read
 * from their template, which CloudFormation validates. An existing one that reads an SSM parameter which does not exist
 * is read from the templates, provided that a stack it depends on, directly or through others, is going to change.
 * The caller's own stack in ROLLBACK_COMPLETE, which a failed first creation leaves, is reviewed as a new one. Pass the
 * result to `executeDeployment` or `discardReview`.
 *
 * Permissions: `cloudformation:DescribeStacks`, `CreateChangeSet`, `DescribeChangeSet`, `DeleteChangeSet`,
 * `ListChangeSets`, `GetTemplate`, `ValidateTemplate`; `ssm:GetParameters` for parameters of SSM types. Costs nothing.
 *
 * @throws DeploymentError about everything that is wrong with the stacks, before any call; about every stack that is
 *   foreign, busy or stuck, or a leftover with termination protection, before any change set; when a change set fails,
 *   and DEPLOYMENT_REPLACEMENT_REFUSED with each resource of a protected type that would go, after the change sets were
 *   deleted
 */
export async function reviewDeployment(options: ReviewDeploymentOptions): Promise<DeploymentReview> {
  const { reporter = silentReporter, ownershipTag, protectedTypes = [] } = options;
  const ordered = checkStacks(options.stacks);
  reporter.report(deploymentEvents.reviewStarted({ stackNames: ordered.map(({ name }) => name) }));
  const existing = new Map<string, StackSummary>();
  const problems: Problem[] = [];
  for (const { name } of ordered) {
    const stack = await findStack(options, name);
    if (stack === undefined || judgeStatus(stack.status).kind === 'absent') continue;
    existing.set(name, stack);
    problems.push(...(await findStackProblems(options, stack, ownershipTag)));
  }
  throwProblems(problems);

  const reviews: StackReview[] = [];
  const moving = new Set<string>();
  try {
    for (const definition of ordered) {
      const { name: stackName, dependsOn = [] } = definition;
      const follows = dependsOn.some((dependency) => moving.has(dependency));
      const review = await reviewStack(options, definition, existing.get(stackName), follows);
      const { action, basis, leftover, changes } = review;
      reviews.push(review);
      if (action !== 'none' || follows) moving.add(stackName);
      reporter.report(deploymentEvents.stackReviewed({ stackName, action, basis, leftover, changes: changes?.length }));
    }
    const refused = reviews.flatMap(({ definition: { name }, basis, changes = [] }) => {
      // A mere guess refuses nothing: the change set is held to the same types at its turn.
      const certain = basis === 'template' ? changes.filter(({ action }) => action === 'remove') : changes;
      return findRefusedChanges(name, certain, protectedTypes);
    });
    throwProblems(refused, REPLACEMENT_WAY_OUT);
  } catch (error) {
    await discardReview({ ...options, review: { stacks: reviews, ownershipTag } }).catch(() => {});
    throw error;
  }
  return { stacks: reviews, ownershipTag, protectedTypes: [...protectedTypes] };
}

async function reviewStack(
  context: ReviewDeploymentOptions,
  definition: StackDefinition,
  stack: StackSummary | undefined,
  /** Whether a stack before this one, on which it depends, is going to change. */
  follows: boolean,
): Promise<StackReview> {
  const readiness = judgeStatus(stack?.status);
  const leftover = readiness.kind === 'leftover' ? readiness.status : undefined;
  const wanted = definition.terminationProtection;
  const terminationProtection = wanted === (stack?.terminationProtection ?? false) ? undefined : wanted;
  const outputs = stack?.outputs ?? {};
  const common = { definition, leftover, stackId: stack?.stackId, outputs, terminationProtection };
  if (stack === undefined || leftover !== undefined || stack.status === 'REVIEW_IN_PROGRESS') {
    const command = new ValidateTemplateCommand({ TemplateBody: definition.templateBody });
    await call('ValidateTemplate', definition.name, () => context.cloudFormation.send(command, abortable(context)));
    const changes = additionsOf(definition);
    return { ...common, action: 'create', basis: 'template', changes, changeSetId: undefined };
  }
  const tags = chooseTags(definition, context.ownershipTag, stack.tags);
  try {
    const { changeSetId, changes } = await createChangeSet(context, definition, 'UPDATE', tags);
    const action = changeSetId === undefined ? 'none' : 'update';
    return { ...common, action, basis: 'change-set', changes, changeSetId };
  } catch (error) {
    const changes =
      follows && isMissingInput(error) ? await compareWithDeployed(context, definition, stack) : undefined;
    if (changes === undefined) throw error;
    return { ...common, action: 'update', basis: 'template', changes, changeSetId: undefined };
  }
}

async function compareWithDeployed(
  context: DeploymentContext,
  { name, templateBody }: StackDefinition,
  { stackId }: StackSummary,
): Promise<ResourceChange[] | undefined> {
  const command = new GetTemplateCommand({ StackName: stackId, TemplateStage: 'Original' });
  const { TemplateBody = '' } = await call('GetTemplate', name, () =>
    context.cloudFormation.send(command, abortable(context)),
  );
  return compareTemplates(TemplateBody, templateBody);
}

function additionsOf({ templateBody }: StackDefinition): ResourceChange[] | undefined {
  return readTemplate(templateBody)?.resources.map(({ logicalId, type }) => ({
    logicalId,
    type,
    action: 'add',
    replacement: 'never',
    effect: 'created',
    physicalId: undefined,
    properties: [],
    replacingProperties: [],
  }));
}
