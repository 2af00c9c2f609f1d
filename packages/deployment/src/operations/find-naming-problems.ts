import type { Problem } from '@jenkins-aws/core';
import { judgeStatus } from '../internal/judge-status.js';
import type { StackDefinition } from '../options/stack-definition.js';
import { readTemplate, type TemplateResource } from '../plan/read-template.js';
import type { DeploymentContext } from './deployment-context.js';
import type { StackSummary } from './get-stack-summaries.js';
import { readDeployedTemplate } from './read-deployed-template.js';

/** The resources that a caller names. */
export interface NamedResources {
  readonly protectedTypes?: readonly string[];
  readonly allowReplacement?: readonly string[];
  readonly skipResources?: readonly string[];
}

/** What is wrong with the names of resources that the caller gave. One call for each existing stack, or none. */
export async function findNamingProblems(
  options: DeploymentContext & NamedResources,
  definitions: readonly StackDefinition[],
  existing: ReadonlyMap<string, StackSummary>,
): Promise<Problem[]> {
  const { skipResources = [] } = options;
  const skips = skipResources.flatMap((name) => findSkipProblem(name, existing) ?? []);
  return [...skips, ...(await findAllowanceProblems(options, definitions, existing))];
}

function findSkipProblem(name: string, existing: ReadonlyMap<string, StackSummary>): Problem | undefined {
  const problem = (why: string): Problem => ({
    code: 'DEPLOYMENT_RESOURCE_UNKNOWN',
    message: `'${name}' cannot be skipped in a continued rollback: ${why}`,
    path: ['skipResources', name],
  });
  const [, stackName] = /^([^/]+)\/[^/]+$/.exec(name) ?? [];
  if (stackName === undefined) return problem('name it as stack/LogicalId');
  const status = existing.get(stackName)?.status;
  if (status === undefined) return problem(`there is no stack '${stackName}' in this deployment`);
  // What is at work may yet end there.
  if (status === 'UPDATE_ROLLBACK_FAILED' || judgeStatus(status).kind === 'busy') return undefined;
  return problem(`stack '${stackName}' is in ${status} and not in UPDATE_ROLLBACK_FAILED, so there is nothing to skip`);
}

async function findAllowanceProblems(
  options: DeploymentContext & NamedResources,
  definitions: readonly StackDefinition[],
  existing: ReadonlyMap<string, StackSummary>,
): Promise<Problem[]> {
  const { allowReplacement = [], protectedTypes = [] } = options;
  if (allowReplacement.length === 0) return [];
  const known = new Map<string, TemplateResource>();
  for (const { name, templateBody } of definitions) {
    const stack = existing.get(name);
    const deployed = stack === undefined ? [] : [await readDeployedTemplate(options, stack, 'Original')];
    for (const body of [templateBody, ...deployed]) {
      const template = readTemplate(body);
      // What a template in YAML holds is not known here.
      if (template === undefined) return [];
      for (const resource of template.resources) known.set(`${name}/${resource.logicalId}`, resource);
    }
  }
  const isKnown = (name: string) => known.has(name) || [...known.values()].some(({ logicalId }) => logicalId === name);
  const guarded = [...known].filter(([, { type }]) => protectedTypes.includes(type)).map(([name]) => name);
  return allowReplacement
    .filter((name) => !isKnown(name))
    .map((name) => ({
      code: 'DEPLOYMENT_RESOURCE_UNKNOWN',
      message: `no template and no stack has a resource '${name}', so its replacement cannot be allowed: ${describeNear(name, guarded)}`,
      path: ['allowReplacement', name],
    }));
}

/** How many names are shown: a person picks one of them. */
const SHOWN = 8;

function describeNear(name: string, guarded: readonly string[]): string {
  if (guarded.length === 0) return 'nothing in these stacks is protected from replacement';
  const near = [...guarded].sort((a, b) => sharedPairs(name, b) - sharedPairs(name, a)).slice(0, SHOWN);
  const more = guarded.length > near.length ? `, and ${guarded.length - near.length} more` : '';
  return `what is protected and can be named is ${near.join(', ')}${more}`;
}

/** How many pairs of neighbouring letters of the one name the other one has: likeness without regard to case or order. */
function sharedPairs(a: string, b: string): number {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return [...one].filter((_, index) => index + 1 < one.length && other.includes(one.slice(index, index + 2))).length;
}
