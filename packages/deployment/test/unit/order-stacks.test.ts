import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeploymentError, orderStacks } from '../../src/index.js';

const named = (name: string, ...dependsOn: string[]) => ({ name, dependsOn });
const problemsOf = (stacks: ReturnType<typeof named>[]) => {
  try {
    orderStacks(stacks);
  } catch (error) {
    return (error as DeploymentError).problems.map(({ code, message, path }) => ({ code, message, path }));
  }
  return [];
};

describe('ordering stacks', () => {
  it('puts each stack after what it depends on and otherwise keeps the given order', () => {
    const stacks = [named('c', 'b'), named('x'), named('b', 'a'), named('a')];
    expect(orderStacks(stacks).map(({ name }) => name)).toEqual(['a', 'b', 'c', 'x']);
  });

  it('holds for any graph without a circle', () => {
    const graphs = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 30 }).chain((lists) => {
      const stacks = lists.map((list, index) =>
        named(`s${index}`, ...new Set(list.filter((target) => target < index).map((target) => `s${target}`))),
      );
      return fc.shuffledSubarray(stacks, { minLength: stacks.length });
    });
    fc.assert(
      fc.property(graphs, (stacks) => {
        const names = orderStacks(stacks).map(({ name }) => name);
        expect([...names].sort()).toEqual(stacks.map(({ name }) => name).sort());
        for (const { name, dependsOn } of stacks) {
          for (const dependency of dependsOn) expect(names.indexOf(dependency)).toBeLessThan(names.indexOf(name));
        }
      }),
    );
  });

  it('orders a chain of ten thousand stacks', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => named(`s${i}`, ...(i < 9_999 ? [`s${i + 1}`] : [])));
    expect(orderStacks(chain)[0]?.name).toBe('s9999');
  });

  it('fails with every duplicate, unknown dependency and circle at once', () => {
    const problems = problemsOf([named('a', 'b'), named('b', 'a'), named('c', 'c'), named('d', 'nowhere'), named('d')]);
    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ['DEPLOYMENT_STACK_DUPLICATE', ['stacks', 4, 'name']],
      ['DEPLOYMENT_DEPENDENCY_UNKNOWN', ['stacks', 3, 'dependsOn', 0]],
      ['DEPLOYMENT_DEPENDENCY_CYCLE', ['stacks', 0, 'dependsOn']],
      ['DEPLOYMENT_DEPENDENCY_CYCLE', ['stacks', 2, 'dependsOn']],
    ]);
    expect(problems[2]?.message).toContain('a → b → a');
  });

  it('fails with the code of the problem when there is one kind only', () => {
    expect(() => orderStacks([named('a', 'x'), named('b', 'y')])).toThrow(
      expect.objectContaining({ name: 'DeploymentError', code: 'DEPLOYMENT_DEPENDENCY_UNKNOWN' }),
    );
    expect(() => orderStacks([named('a', 'x'), named('a')])).toThrow(
      expect.objectContaining({ code: 'DEPLOYMENT_STACKS_INVALID' }),
    );
  });
});
