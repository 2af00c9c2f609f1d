import type { OrderedStack } from '../plan/order-stacks.js';

/** How many stacks are worked on at once: AWS limits the calls of an account, not the stacks. */
const AT_ONCE = 8;

export interface GraphRun<Result> {
  /** By stack name. */
  readonly results: ReadonlyMap<string, Result>;
  /** In the order in which they happened. */
  readonly failures: readonly { readonly stackName: string; readonly error: unknown }[];
  /** Names of stacks whose turn never came, because something failed before or `mayStart` said no. */
  readonly unstarted: readonly string[];
}

/**
 * Runs `work` once a stack, each after all that it depends on, as many at once as the dependencies let, at most eight.
 * After the first failure nothing new starts; what runs is waited for. Dependencies that are not among the stacks count
 * as done. Never throws.
 */
export async function runGraph<Stack extends OrderedStack, Result>(
  stacks: readonly Stack[],
  work: (stack: Stack) => Promise<Result>,
  mayStart: () => boolean = () => true,
): Promise<GraphRun<Result>> {
  const results = new Map<string, Result>();
  const failures: { stackName: string; error: unknown }[] = [];
  const waiting = new Map(stacks.map((stack) => [stack.name, stack]));
  const unfinished = new Set(waiting.keys());
  const running = new Map<string, Promise<void>>();

  const run = async (stack: Stack) => {
    try {
      results.set(stack.name, await work(stack));
      unfinished.delete(stack.name);
    } catch (error) {
      failures.push({ stackName: stack.name, error });
    }
    running.delete(stack.name);
  };
  for (;;) {
    for (const stack of waiting.values()) {
      if (failures.length > 0 || running.size >= AT_ONCE || !mayStart()) break;
      if (stack.dependsOn?.some((dependency) => unfinished.has(dependency))) continue;
      waiting.delete(stack.name);
      running.set(stack.name, run(stack));
    }
    if (running.size === 0) return { results, failures, unstarted: [...waiting.keys()] };
    await Promise.race(running.values());
  }
}
