import { ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { judgeStatus } from '../internal/judge-status.js';
import type { OwnershipTag, StackDefinition } from '../options/stack-definition.js';
import { chooseTags, hasTags } from '../plan/choose-tags.js';
import { findInputs, hasParameters, isSameTemplate } from '../plan/compare-stack.js';
import { compareTemplates } from '../plan/compare-templates.js';
import type { StackReview } from '../plan/deployment-review.js';
import { isSamePolicy } from '../plan/open-stack-policy.js';
import { readTemplate } from '../plan/read-template.js';
import type { ResourceChange } from '../plan/resource-change.js';
import { isMissingBucket } from './artifact-store.js';
import { createChangeSet, isMissingInput } from './create-change-set.js';
import { abortable, call, type DeploymentContext } from './deployment-context.js';
import type { StackSummary } from './get-stack-summaries.js';
import { readDeployedTemplate } from './read-deployed-template.js';
import { readParameterValues } from './read-parameter-values.js';
import { findStackPolicy } from './stack-policy.js';
import { templateSource } from './template-source.js';

/** What the review of one stack has to know beside its definition. */
export interface ReviewSubject {
  readonly definition: StackDefinition;
  readonly ownershipTag: OwnershipTag | undefined;
  /** Undefined where there is none. */
  readonly stack: StackSummary | undefined;
  /** The values that SSM parameters have now. */
  readonly resolved: ReadonlyMap<string, string>;
  /** Whether a stack before this one, on which it depends, is going to change. */
  readonly follows: boolean;
}

/** Finds out what a deployment would do with one stack. */
export async function reviewStack(context: DeploymentContext, subject: ReviewSubject): Promise<StackReview> {
  const { definition, stack, follows } = subject;
  const readiness = judgeStatus(stack?.status);
  const leftover = readiness.kind === 'leftover' ? readiness.status : undefined;
  const wanted = definition.terminationProtection;
  const common = {
    definition,
    leftover,
    stackId: stack?.stackId,
    state: stack && stateOf(stack),
    outputs: stack?.outputs ?? {},
    terminationProtection: wanted === (stack?.terminationProtection ?? false) ? undefined : wanted,
  };
  if (stack === undefined || leftover !== undefined || stack.status === 'REVIEW_IN_PROGRESS') {
    await validateTemplate(context, definition);
    const { stackPolicyBody } = definition;
    const changes = additionsOf(definition);
    return { ...common, action: 'create', basis: 'template', changes, changeSetId: undefined, stackPolicyBody };
  }
  const foundPolicyBody = await findStackPolicy(context, definition, stack.stackId);
  const isWanted = foundPolicyBody === undefined || isSamePolicy(foundPolicyBody, definition.stackPolicyBody);
  const stackPolicyBody = isWanted ? undefined : definition.stackPolicyBody;
  const inputs = valuesOf(findInputs(definition), subject.resolved);
  const settled = {
    ...common,
    stackPolicyBody,
    ...(foundPolicyBody !== undefined && { foundPolicyBody }),
    ...(inputs && { inputs }),
  };
  if (await isUnchanged(context, subject)) {
    return { ...settled, action: 'none', basis: 'same', changes: [], changeSetId: undefined };
  }
  try {
    const tags = chooseTags(definition, subject.ownershipTag, stack.tags);
    const { changeSetId, changes } = await createChangeSet(context, definition, 'UPDATE', tags);
    const action = changeSetId === undefined ? 'none' : 'update';
    return { ...settled, action, basis: 'change-set', changes, changeSetId };
  } catch (error) {
    const changes =
      follows && (isMissingInput(error) || isMissingBucket(error))
        ? compareTemplates(await readDeployedTemplate(context, stack, 'Original'), definition.templateBody)
        : undefined;
    if (changes === undefined) throw error;
    return { ...settled, action: 'update', basis: 'template', changes, changeSetId: undefined };
  }
}

async function validateTemplate(context: DeploymentContext, definition: StackDefinition): Promise<void> {
  try {
    const command = new ValidateTemplateCommand(await templateSource(context, definition));
    await call('ValidateTemplate', definition.name, () => context.cloudFormation.send(command, abortable(context)));
  } catch (error) {
    // It waits for the stack that makes the bucket, and is validated with its change set.
    if (!isMissingBucket(error)) throw error;
  }
}

/** Whether the stack is as it shall be already, so that a change set would hold nothing. One call, or none. */
export async function isUnchanged(
  context: DeploymentContext,
  { definition, stack, ownershipTag, resolved }: Omit<ReviewSubject, 'follows'>,
): Promise<boolean> {
  if (stack === undefined || !hasParameters(definition, stack, resolved)) return false;
  if (!hasTags(stack.tags, chooseTags(definition, ownershipTag, stack.tags))) return false;
  return isSameTemplate(await readDeployedTemplate(context, stack, 'Original'), definition.templateBody);
}

/** Undefined where one of the values is not known. */
function valuesOf(
  names: readonly string[] | undefined,
  values: ReadonlyMap<string, string>,
): Record<string, string> | undefined {
  if (names?.every((name) => values.has(name)) !== true) return undefined;
  return Object.fromEntries(names.map((name) => [name, values.get(name) ?? '']));
}

/** Whether the stack reads nothing that another one has changed since its review. One call for ten values, or none. */
export async function hasSameInputs(context: DeploymentContext, { inputs }: StackReview): Promise<boolean> {
  if (inputs === undefined) return false;
  const names = Object.keys(inputs);
  const values = await readParameterValues(context, names);
  return names.every((name) => values.get(name) === inputs[name]);
}

/** How the stack is now, to be compared later. */
export function stateOf({
  status,
  updatedAt,
  terminationProtection,
  roleArn,
}: StackSummary): NonNullable<StackReview['state']> {
  return { status, updatedAt: updatedAt?.toISOString(), terminationProtection, roleArn };
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
