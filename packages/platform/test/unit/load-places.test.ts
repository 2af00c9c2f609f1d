import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, isCollection, type Node, visit } from 'yaml';
import { z } from 'zod';
import { findJsonSyntaxError } from '../../src/load/internal/json-syntax.js';
import { isLocatedProblem, type LocatedProblem } from '../../src/load/located-problem.js';
import { parseConfig } from '../../src/load/parse-config.js';

type Tree = number | Tree[] | { [key: string]: Tree };

const key = fc.oneof(
  fc.stringMatching(/^[a-z]{1,6}$/),
  fc.constantFrom('a b', '1', '#x', 'y: z', 'true', '-', 'ü', '"q"'),
);
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 4 }),
  ),
}));
const root = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 });
const WRONG = 'WRONG-LEAF';

function leavesOf(node: Tree, path: (string | number)[] = []): (string | number)[][] {
  if (typeof node === 'number') return [path];
  if (Array.isArray(node)) return node.flatMap((item, index) => leavesOf(item, [...path, index]));
  return Object.entries(node).flatMap(([name, item]) => leavesOf(item, [...path, name]));
}

function schemaOf(node: Tree): z.ZodType {
  if (typeof node === 'number') return z.number();
  if (Array.isArray(node)) return z.tuple(node.map(schemaOf) as unknown as [z.ZodType]);
  return z.strictObject(Object.fromEntries(Object.entries(node).map(([name, item]) => [name, schemaOf(item)])));
}

function withWrongLeaf(node: Tree, path: (string | number)[]): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return WRONG;
  const copy = structuredClone(node) as Record<string | number, unknown>;
  copy[head] = withWrongLeaf(copy[head] as Tree, rest);
  return copy;
}

/** The document as text, in one of many layouts. */
function layout(value: unknown, seed: number, indent: number): string {
  const document = new Document(value);
  let state = seed;
  const chance = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
  visit(document, {
    Node: (_, node: Node) => {
      if (isCollection(node) && chance() < 0.2) node.flow = true;
      if (chance() < 0.2) node.commentBefore = ' of WRONG-things';
      if (chance() < 0.2) node.spaceBefore = true;
    },
  });
  return document.toString({ indent, lineWidth: chance() < 0.5 ? 20 : 0 });
}

function problemsOf(text: string, fileName: string, schema: z.ZodType): LocatedProblem[] {
  try {
    parseConfig({ text, fileName, schema });
    return [];
  } catch (error) {
    return (error as { problems: LocatedProblem[] }).problems.filter(isLocatedProblem);
  }
}

describe('the place of a problem', () => {
  it('is that of the one wrong leaf, in YAML and in JSON', () => {
    fc.assert(
      fc.property(
        root,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (good, pick, seed, indent, isJson) => {
          const leaves = leavesOf(good);
          const path = leaves[pick % leaves.length] ?? [];
          const bad = withWrongLeaf(good, path);
          const text = isJson ? JSON.stringify(bad, null, indent - 1) : layout(bad, seed, indent);
          const problems = problemsOf(text, isJson ? 'c.json' : 'c.yaml', schemaOf(good));
          expect(problems.map((problem) => problem.path)).toEqual([path]);
          const [problem] = problems;
          const line = text.split('\n')[(problem?.line ?? 0) - 1] ?? '';
          expect(line.slice((problem?.column ?? 0) - 1)).toMatch(/^"?WRONG-LEAF/);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is that of an unknown key', () => {
    fc.assert(
      fc.property(root, fc.nat(), fc.integer({ min: 2, max: 4 }), (good, seed, indent) => {
        const text = layout({ ...good, [WRONG]: 1 }, seed, indent);
        const [problem] = problemsOf(text, 'c.yaml', schemaOf(good));
        const line = text.split('\n')[(problem?.line ?? 0) - 1] ?? '';
        expect(line.slice((problem?.column ?? 0) - 1)).toMatch(/^WRONG-LEAF/);
      }),
    );
  });
});

describe('JSON', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(parseConfig({ text, fileName: 'c.json', schema: z.unknown() })).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is refused exactly where JSON.parse refuses it', () => {
    const noise = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '1',
      '-',
      '.',
      'e',
      'true',
      ' ',
      '\t',
      '\n',
      '\\',
      'x',
      '0',
    );
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.nat(),
        fc.nat({ max: 2 }),
        fc.array(noise, { maxLength: 2 }),
        (value, at, cut, added) => {
          const json = JSON.stringify(value, null, 1);
          const offset = at % (json.length + 1);
          const text = json.slice(0, offset) + added.join('') + json.slice(offset + cut);
          let isJson = true;
          try {
            JSON.parse(text);
          } catch {
            isJson = false;
          }
          expect(findJsonSyntaxError(text) === undefined).toBe(isJson);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
