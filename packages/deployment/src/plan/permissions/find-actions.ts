import type { Problem } from '@jenkins-aws/core';
import { throwProblems } from '../../internal/throw-problems.js';
import { asRecord } from '../read-template.js';
import { ACTION_SCOPES } from './action-scopes.js';
import type { MakeScope } from './resource-scopes.js';
import type { NamedTemplate } from './template-names.js';
import { REGISTRY, TYPE_ACTIONS, type TypeActions } from './type-actions.js';

/** An action that CloudFormation calls for the resources of the templates. */
export interface WantedAction {
  readonly action: string;
  /** E.g. `create, update AWS::EC2::VPC`. */
  readonly reason: string;
  readonly sources: readonly string[];
  readonly scopes: readonly MakeScope[];
  readonly reads: boolean;
}

const READS = /:(Describe|Get|List)/;
const HANDLERS = ['create', 'read', 'update', 'delete'] as const;

/**
 * Every action for every type that the templates have, with all reasons in one.
 *
 * @throws DeploymentError DEPLOYMENT_PERMISSIONS_UNKNOWN with every type that is not known
 */
export function findActions(stacks: readonly NamedTemplate[]): readonly WantedAction[] {
  const properties = propertiesByType(stacks);
  const problems: Problem[] = [];
  const reasons = new Map<string, { types: Map<string, Set<string>>; sources: Set<string> }>();
  for (const [type, { stack, logicalId, set }] of properties) {
    const known = TYPE_ACTIONS[type];
    if (known === undefined) {
      problems.push({
        code: 'DEPLOYMENT_PERMISSIONS_UNKNOWN',
        message: `${logicalId} of stack '${stack}' is of type ${type}, of which it is not known what CloudFormation calls for it`,
        path: ['stacks', stack, 'Resources', logicalId],
      });
      continue;
    }
    for (const [action, why] of actionsOf(known, set)) {
      const entry = reasons.get(action) ?? { types: new Map(), sources: new Set() };
      reasons.set(action, entry);
      entry.types.set(type, (entry.types.get(type) ?? new Set()).add(why));
      entry.sources.add(sourceOf(known, action));
    }
  }
  throwProblems(problems, 'write a policy for these types by hand, or leave them out of the templates');
  return [...reasons].map(([action, { types, sources }]) => {
    const parts = [...types].map(([type, handlers]) => `${[...handlers].join(', ')} ${type}`);
    return {
      action,
      reason: parts.join('; '),
      sources: [...sources],
      scopes: ACTION_SCOPES[action] ?? [],
      reads: READS.test(action),
    };
  });
}

/** What CloudFormation calls to make, change or delete a resource of this type, reading apart. Empty for unknown types. */
export function changingActionsOf(type: string, handler: 'create' | 'update' | 'delete'): readonly string[] {
  const known = TYPE_ACTIONS[type];
  return known === undefined ? [] : wordsOf(known, known[handler]).filter((action) => !READS.test(action));
}

/** The properties that any resource of a type sets, by type. */
function propertiesByType(stacks: readonly NamedTemplate[]) {
  const found = new Map<string, { stack: string; logicalId: string; set: Set<string> }>();
  for (const { name: stack, template } of stacks) {
    for (const [logicalId, resource] of Object.entries(asRecord(template.Resources))) {
      const { Type, Properties } = asRecord(resource);
      const type = String(Type ?? 'unknown');
      const entry = found.get(type) ?? { stack, logicalId, set: new Set<string>() };
      found.set(type, entry);
      for (const property of Object.keys(asRecord(Properties))) entry.set.add(property);
    }
  }
  return found;
}

function actionsOf(known: TypeActions, set: ReadonlySet<string>): [action: string, why: string][] {
  return [
    ...HANDLERS.flatMap((handler) =>
      wordsOf(known, known[handler]).map((action): [string, string] => [action, handler]),
    ),
    ...Object.entries(known.whenSet ?? {}).flatMap(([property, actions]) =>
      set.has(property)
        ? wordsOf(known, actions).map((action): [string, string] => [action, `set ${property} of`])
        : [],
    ),
  ];
}

function sourceOf(known: TypeActions, action: string): string {
  const beside = Object.entries(known.beside ?? {}).find(([words]) => wordsOf(known, words).includes(action));
  return beside?.[1] ?? known.source ?? REGISTRY;
}

function wordsOf({ service }: TypeActions, text: string): string[] {
  const full = (word: string) => (word.includes(':') ? word : `${service}:${word}`);
  return text.split(/\s+/).filter(Boolean).map(full);
}
