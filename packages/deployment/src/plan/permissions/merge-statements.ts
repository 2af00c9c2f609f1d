import type { ActionReason } from './plan-permissions.js';
import type { PolicyStatement } from './policy-document.js';
import type { MakeScope, Scope, ScopeContext } from './resource-scopes.js';

/** An action with everything that it is allowed on. */
export interface ScopedAction {
  readonly action: string;
  readonly reason: string;
  readonly sources: readonly string[];
  readonly scopes: readonly MakeScope[];
}

interface Group {
  readonly service: string;
  readonly condition: Scope['condition'];
  readonly actions: Set<string>;
  readonly resources: Set<string>;
}

/**
 * Statements that allow all of it. Actions of one service under one condition share a statement: each action knows
 * only its own kinds of resources. Without a condition only those that have the same resources do.
 */
export function mergeStatements(
  actions: readonly ScopedAction[],
  context: ScopeContext,
): { readonly statements: readonly PolicyStatement[]; readonly reasons: readonly ActionReason[] } {
  const groups = new Map<string, Group>();
  const reasons = new Map<string, { reason: Set<string>; scope: Set<string>; sources: Set<string> }>();
  for (const { action, reason, sources, scopes } of actions) {
    const said = reasons.get(action) ?? { reason: new Set(), scope: new Set(), sources: new Set() };
    reasons.set(action, said);
    said.reason.add(reason);
    for (const source of sources) said.sources.add(source);
    for (const scope of scopes.map((make) => make(context))) {
      said.scope.add(scope.why);
      const [service = ''] = action.split(':');
      const same = scope.condition === undefined ? [...scope.resources].sort() : scope.condition;
      const key = JSON.stringify([service, same]);
      const group = groups.get(key) ?? {
        service,
        condition: scope.condition,
        actions: new Set(),
        resources: new Set(),
      };
      groups.set(key, group);
      group.actions.add(action);
      for (const resource of scope.resources) group.resources.add(resource);
    }
  }
  const counts = new Map<string, number>();
  const statements = [...groups.values()]
    .sort((one, other) => compare(one.service, other.service))
    .map(({ service, condition, actions: allowed, resources }): PolicyStatement => {
      const count = counts.get(service) ?? 0;
      counts.set(service, count + 1);
      const letter = String.fromCharCode('A'.charCodeAt(0) + count);
      return {
        Sid: `${service.replace(/^./, (first) => first.toUpperCase())}${letter}`,
        Effect: 'Allow',
        Action: [...allowed].sort(compare),
        Resource: [...resources].sort(compare),
        ...(condition === undefined ? {} : { Condition: condition }),
      };
    });
  return {
    statements,
    reasons: [...reasons]
      .sort(([one], [other]) => compare(one, other))
      .map(([action, { reason, scope, sources }]) => ({
        action,
        reason: [...reason].join('; '),
        scope: [...scope].join('; '),
        sources: [...sources],
      })),
  };
}

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));
