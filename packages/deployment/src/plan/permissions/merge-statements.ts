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
  /** What the statement's name begins with. */
  readonly label: string;
  readonly scope: Scope;
  readonly actions: Set<string>;
}

/**
 * Statements that allow all of it. Only actions of one service on the same resources under the same condition share
 * one: a call of EC2 is checked on each of its resources, so a condition that binds one kind must not let through another.
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
    for (const scope of scopes.map((make) => make(context)).filter(({ resources }) => resources.length > 0)) {
      said.scope.add(scope.why);
      const label = `${capitalised(action.split(':')[0] ?? '')}${scope.name ?? ''}`;
      const key = JSON.stringify([label, scope.condition, [...scope.resources].sort(compare)]);
      const group = groups.get(key) ?? { label, scope, actions: new Set() };
      groups.set(key, group);
      group.actions.add(action);
    }
  }
  const counts = new Map<string, number>();
  const statements = [...groups.values()]
    .sort((one, other) => compare(one.label, other.label))
    .map(({ label, scope: { resources, condition }, actions: allowed }): PolicyStatement => {
      const count = counts.get(label) ?? 0;
      counts.set(label, count + 1);
      return {
        Sid: `${label}${letters(count)}`,
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

const capitalised = (text: string) => text.replace(/^./, (first) => first.toUpperCase());

/** A, B … Z, AA, AB … */
function letters(count: number): string {
  const last = String.fromCharCode('A'.charCodeAt(0) + (count % 26));
  return count < 26 ? last : `${letters(Math.floor(count / 26) - 1)}${last}`;
}
