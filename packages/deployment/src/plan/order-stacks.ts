import type { Problem } from '@jenkins-aws/core';
import { throwProblems } from '../internal/throw-problems.js';

/** The part of a stack definition that decides its place. */
export interface OrderedStack {
  readonly name: string;
  readonly dependsOn?: readonly string[];
}

/**
 * The stacks in the order of deployment: each one after all that it depends on, otherwise as given. Removal goes
 * the other way round.
 *
 * @throws DeploymentError with every duplicate, unknown dependency and circle among the problems
 */
export function orderStacks<Stack extends OrderedStack>(stacks: readonly Stack[]): Stack[] {
  throwProblems(findOrderProblems(stacks));
  return arrange(stacks).ordered;
}

/**
 * The same stacks in the order of removal, each depending on those that depend on it in a deployment: none goes before
 * all that read what it made are gone.
 *
 * @throws DeploymentError as `orderStacks` does
 */
export function reverseStacks(stacks: readonly OrderedStack[]): OrderedStack[] {
  const ordered = orderStacks(stacks);
  const readers = new Map(ordered.map(({ name }) => [name, [] as string[]]));
  for (const { name, dependsOn = [] } of ordered) {
    for (const dependency of dependsOn) readers.get(dependency)?.push(name);
  }
  return ordered.map(({ name }) => ({ name, dependsOn: readers.get(name) ?? [] })).reverse();
}

/** What keeps the stacks from having an order. Empty when they have one. */
export function findOrderProblems(stacks: readonly OrderedStack[]): Problem[] {
  const names = new Set<string>();
  const problems: Problem[] = [];
  stacks.forEach(({ name }, index) => {
    if (names.has(name)) {
      problems.push({
        code: 'DEPLOYMENT_STACK_DUPLICATE',
        message: `stack names must differ, got '${name}' more than once`,
        path: ['stacks', index, 'name'],
      });
    }
    names.add(name);
  });
  stacks.forEach(({ name, dependsOn = [] }, index) => {
    dependsOn.forEach((dependency, position) => {
      if (names.has(dependency)) return;
      problems.push({
        code: 'DEPLOYMENT_DEPENDENCY_UNKNOWN',
        message: `stack '${name}' depends on '${dependency}', which is not among the stacks: add it or drop the dependency`,
        path: ['stacks', index, 'dependsOn', position],
      });
    });
  });
  for (const circle of arrange(stacks).circles) {
    problems.push({
      code: 'DEPLOYMENT_DEPENDENCY_CYCLE',
      message: `stacks depend on each other in a circle: ${circle.join(' → ')}. drop one of these dependencies`,
      path: ['stacks', stacks.findIndex(({ name }) => name === circle[0]), 'dependsOn'],
    });
  }
  return problems;
}

/** Depth first, without recursion: a chain of thousands of stacks must not overflow the call stack. */
function arrange<Stack extends OrderedStack>(stacks: readonly Stack[]): { ordered: Stack[]; circles: string[][] } {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const state = new Map<string, 'open' | 'done'>();
  const ordered: Stack[] = [];
  const circles: string[][] = [];
  for (const root of stacks) {
    if (state.has(root.name)) continue;
    state.set(root.name, 'open');
    const path = [{ stack: root, next: 0 }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const dependency = byName.get(top.stack.dependsOn?.[top.next] ?? '');
      if (top.next >= (top.stack.dependsOn?.length ?? 0)) {
        state.set(top.stack.name, 'done');
        ordered.push(top.stack);
        path.pop();
        continue;
      }
      top.next += 1;
      if (dependency === undefined || state.get(dependency.name) === 'done') continue;
      if (state.get(dependency.name) === 'open') {
        const start = path.findIndex(({ stack }) => stack.name === dependency.name);
        circles.push([...path.slice(start).map(({ stack }) => stack.name), dependency.name]);
        continue;
      }
      state.set(dependency.name, 'open');
      path.push({ stack: dependency, next: 0 });
    }
  }
  return { ordered, circles };
}
