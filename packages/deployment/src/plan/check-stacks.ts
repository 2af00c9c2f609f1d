import type { Problem } from '@jenkins-aws/core';
import { throwProblems } from '../internal/throw-problems.js';
import type { StackDefinition } from '../options/stack-definition.js';
import { findOrderProblems, type OrderedStack, orderStacks, reverseStacks } from './order-stacks.js';
import { readTemplate, type TemplateSummary } from './read-template.js';

/** What CloudFormation takes as `TemplateBody`. Source: "CloudFormation quotas" in its user guide, read 2026-10. */
const TEMPLATE_BODY_MAX_BYTES = 51_200;

/** What it takes from a bucket. The quotas say 1 MB; its own refusal says "may not exceed 1000000 bytes in size". */
const TEMPLATE_MAX_BYTES = 1_000_000;

/** Source: the same quotas. A quota that AWS raises for nobody. */
const MAX_RESOURCES = 500;

const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/** Where large templates go: of an `ArtifactStore` only what decides the order. */
export interface TemplateBucket {
  readonly bucket: string | { readonly stackName: string };
}

/**
 * The stacks in order, after everything about them that needs no account was found right. All problems together. One with
 * a large template depends on the stack that makes the bucket for it. `remove` comes back in the order of removal, each
 * depending on those that have to be gone before it.
 */
export function checkStacks(
  stacks: readonly StackDefinition[],
  remove: readonly OrderedStack[] = [],
  artifacts?: TemplateBucket,
): { readonly ordered: StackDefinition[]; readonly toRemove: OrderedStack[] } {
  // A stack that stays must not depend on one that goes, which is not among those that stay.
  const staying = findOrderProblems(stacks);
  const all = [...stacks, ...remove];
  throwProblems([
    ...(staying.length > 0 ? staying : findOrderProblems(all)),
    ...stacks.flatMap((stack, index) => checkStack(stack, index, artifacts)),
  ]);
  const leaving = new Set(remove.map(({ name }) => name));
  return {
    ordered: orderStacks(stacks.map((stack) => withBucketFirst(stack, stacks, artifacts))),
    toRemove: reverseStacks(all).filter(({ name }) => leaving.has(name)),
  };
}

/** Whether CloudFormation takes the template from a bucket only. */
export function isLargeTemplate(templateBody: string): boolean {
  return Buffer.byteLength(templateBody, 'utf8') > TEMPLATE_BODY_MAX_BYTES;
}

function withBucketFirst(
  stack: StackDefinition,
  stacks: readonly StackDefinition[],
  artifacts: TemplateBucket | undefined,
): StackDefinition {
  const maker = makerOf(artifacts);
  if (maker === undefined || !isLargeTemplate(stack.templateBody)) return stack;
  const { dependsOn = [] } = stack;
  if (dependsOn.includes(maker) || !stacks.some(({ name }) => name === maker)) return stack;
  return { ...stack, dependsOn: [...dependsOn, maker] };
}

/** The stack that makes the bucket, where one does. */
function makerOf(artifacts: TemplateBucket | undefined): string | undefined {
  return typeof artifacts?.bucket === 'object' ? artifacts.bucket.stackName : undefined;
}

function findSizeProblem({ name, templateBody }: StackDefinition, artifacts: TemplateBucket | undefined) {
  const bytes = Buffer.byteLength(templateBody, 'utf8');
  const has = `the template of stack '${name}' has ${bytes} bytes and`;
  if (bytes > TEMPLATE_MAX_BYTES) return `${has} cloudformation takes ${TEMPLATE_MAX_BYTES}: split the stack`;
  if (bytes <= TEMPLATE_BODY_MAX_BYTES) return undefined;
  if (artifacts === undefined) {
    return `${has} cloudformation takes ${TEMPLATE_BODY_MAX_BYTES} as text: name an artifacts bucket, minify it or split the stack`;
  }
  if (name !== makerOf(artifacts)) return undefined;
  return `${has} cloudformation takes ${TEMPLATE_BODY_MAX_BYTES} as text, and the bucket for larger ones is in this very stack: split it`;
}

function checkStack(stack: StackDefinition, index: number, artifacts: TemplateBucket | undefined): Problem[] {
  const problems: Problem[] = [];
  const add = (code: string, message: string, ...path: string[]) =>
    problems.push({ code, message, path: ['stacks', index, ...path] });
  if (!STACK_NAME.test(stack.name)) {
    add(
      'DEPLOYMENT_STACK_NAME_INVALID',
      `a stack name is 1–128 letters, digits and hyphens and begins with a letter, got '${stack.name}'`,
      'name',
    );
  }
  const size = findSizeProblem(stack, artifacts);
  if (size !== undefined) add('DEPLOYMENT_TEMPLATE_TOO_LARGE', size, 'templateBody');
  if (stack.stackPolicyBody !== undefined && !isJsonObject(stack.stackPolicyBody)) {
    add(
      'DEPLOYMENT_POLICY_INVALID',
      `the stack policy of stack '${stack.name}' is not a JSON object: ${stack.stackPolicyBody.slice(0, 60)}`,
      'stackPolicyBody',
    );
  }
  if (stack.templateBody.trim() === '') {
    add('DEPLOYMENT_TEMPLATE_INVALID', `the template of stack '${stack.name}' is empty`, 'templateBody');
    return problems;
  }
  let template: TemplateSummary | undefined;
  try {
    template = readTemplate(stack.templateBody);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    add('DEPLOYMENT_TEMPLATE_INVALID', `the template of stack '${stack.name}' is not JSON: ${reason}`, 'templateBody');
  }
  if (template === undefined) return problems;
  if (template.resources.length === 0) {
    add('DEPLOYMENT_TEMPLATE_INVALID', `the template of stack '${stack.name}' declares no resource`, 'templateBody');
  }
  if (template.resources.length > MAX_RESOURCES) {
    add(
      'DEPLOYMENT_TEMPLATE_TOO_LARGE',
      `the template of stack '${stack.name}' declares ${template.resources.length} resources and CloudFormation takes ${MAX_RESOURCES}: split the stack`,
      'templateBody',
    );
  }
  const declared = new Set(template.parameters.map(({ name }) => name));
  for (const name of Object.keys(stack.parameters ?? {})) {
    if (declared.has(name)) continue;
    const known = declared.size === 0 ? 'it has none' : `it has ${[...declared].join(', ')}`;
    add(
      'DEPLOYMENT_PARAMETER_UNKNOWN',
      `the template of stack '${stack.name}' has no parameter '${name}': ${known}`,
      'parameters',
      name,
    );
  }
  for (const { name, defaultValue } of template.parameters) {
    if (defaultValue !== undefined || stack.parameters?.[name] !== undefined) continue;
    add(
      'DEPLOYMENT_PARAMETER_MISSING',
      `parameter '${name}' of stack '${stack.name}' has no default: give it a value`,
      'parameters',
      name,
    );
  }
  return problems;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
