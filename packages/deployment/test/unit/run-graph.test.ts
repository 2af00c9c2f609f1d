import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeploymentError, type OrderedStack, orderStacks } from '../../src/index.js';
import { joinFailures } from '../../src/internal/join-failures.js';
import { runGraph } from '../../src/internal/run-graph.js';
import { reverseStacks } from '../../src/plan/order-stacks.js';

/** Stacks of which each depends on some before it. */
const graphs = fc
  .integer({ min: 0, max: 25 })
  .chain((count) =>
    fc.tuple(
      ...Array.from({ length: count }, (_, index) =>
        fc.subarray(Array.from({ length: index }, (_, earlier) => `s${earlier}`)),
      ),
    ),
  )
  .map((all) => (all as string[][]).map((dependsOn, index): OrderedStack => ({ name: `s${index}`, dependsOn })));

/** Runs the graph and writes down what began and ended when. */
async function observe(stacks: readonly OrderedStack[], failing: readonly string[] = [], mayStart?: () => boolean) {
  const log: string[] = [];
  let running = 0;
  let most = 0;
  const run = await runGraph(
    stacks,
    async ({ name }) => {
      log.push(`+${name}`);
      running += 1;
      most = Math.max(most, running);
      for (let pause = 0; pause <= Number(name.slice(1)) % 7; pause += 1) await turn();
      running -= 1;
      log.push(`-${name}`);
      if (failing.includes(name)) throw new Error(name);
      return name;
    },
    mayStart,
  );
  return { run, log, most };
}

describe('running stacks along their dependencies', () => {
  it('begins none before all that it depends on have ended, never more than eight at once, and runs each once', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (stacks) => {
        const { run, log, most } = await observe(stacks);
        expect([...run.results.keys()].sort()).toEqual(stacks.map(({ name }) => name).sort());
        expect(log).toHaveLength(stacks.length * 2);
        expect(most).toBeLessThanOrEqual(8);
        for (const { name, dependsOn = [] } of stacks) {
          for (const dependency of dependsOn) {
            expect(log.indexOf(`-${dependency}`)).toBeLessThan(log.indexOf(`+${name}`));
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('works on eight at once where nothing depends on anything', async () => {
    const { most } = await observe(Array.from({ length: 20 }, (_, index) => ({ name: `s${index}` })));
    expect(most).toBe(8);
  });

  it('begins nothing after the first failure, waits for what runs, and tells every failure', async () => {
    const stacks = [
      { name: 's1' },
      { name: 's4' },
      { name: 's5' },
      { name: 's2', dependsOn: ['s1'] },
      { name: 's3', dependsOn: ['s4'] },
    ];
    const { run, log } = await observe(stacks, ['s1', 's5']);
    expect(run.failures.map(({ stackName }) => stackName)).toEqual(['s1', 's5']);
    expect([...run.results.keys()]).toEqual(['s4']);
    expect(run.unstarted).toEqual(['s2', 's3']);
    expect(log).toEqual(['+s1', '+s4', '+s5', '-s1', '-s4', '-s5']);
  });

  it('begins nothing when it may not any more, and ends what runs', async () => {
    const answers = [true];
    const stacks = [{ name: 's1' }, { name: 's2', dependsOn: ['s1'] }];
    const { run } = await observe(stacks, [], () => answers.pop() === true);
    expect([...run.results.keys()]).toEqual(['s1']);
    expect(run.unstarted).toEqual(['s2']);
  });

  it('takes a dependency that is not among the stacks for done', async () => {
    const { run } = await observe([{ name: 's1', dependsOn: ['elsewhere'] }]);
    expect([...run.results.keys()]).toEqual(['s1']);
  });
});

describe('reversing the order', () => {
  it('has of every pair the one gone first that was made last', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (stacks) => {
        const made = (await observe(orderStacks(stacks))).log;
        const gone = (await observe(reverseStacks(stacks))).log;
        for (const { name, dependsOn = [] } of stacks) {
          for (const dependency of dependsOn) {
            expect(made.indexOf(`-${dependency}`)).toBeLessThan(made.indexOf(`+${name}`));
            expect(gone.indexOf(`-${name}`)).toBeLessThan(gone.indexOf(`+${dependency}`));
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('joining failures', () => {
  const failure = (code: ConstructorParameters<typeof DeploymentError>[0], stackName: string) => ({
    stackName,
    error: new DeploymentError(code, `${stackName} failed`, { hint: `look at ${stackName}` }),
  });

  it('lets a single one be as it is, and has none of none', () => {
    const one = failure('DEPLOYMENT_STACK_FAILED', 'a');
    expect(joinFailures([one], 'X')).toBe(one.error);
    expect(joinFailures([], 'X')).toBeUndefined();
  });

  it('leads with the first real one and tells the others, those that were merely stopped last', () => {
    const stopped = failure('DEPLOYMENT_ABORTED', 'a');
    const joined = joinFailures(
      [stopped, failure('DEPLOYMENT_STACK_FAILED', 'b'), failure('DEPLOYMENT_DELETE_FAILED', 'c')],
      'X',
    );
    expect(joined).toMatchObject({
      code: 'DEPLOYMENT_STACK_FAILED',
      message: 'b failed · also: c failed · also: a failed',
      hint: 'look at b',
      others: [{ code: 'DEPLOYMENT_DELETE_FAILED' }, { code: 'DEPLOYMENT_ABORTED' }],
    });
    expect(joined?.problems.map(({ message }) => message)).toEqual(['b failed', 'c failed', 'a failed']);
  });
});
