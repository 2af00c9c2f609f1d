import { z } from 'zod';
import { isLocatedProblem, type LocatedProblem } from '../../src/load/located-problem.js';
import { parseConfig } from '../../src/load/parse-config.js';

/** Small, with one of everything that a configuration's schema may hold. */
export const schema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z]+$/, 'must be lower-case letters')
      .describe('What it is called.'),
    network: z
      .strictObject({
        cidr: z.string().default('10.0.0.0/16').describe('The range | of everything.'),
        zones: z.int().min(2).max(6).default(2),
        nat: z.enum(['none', 'one', 'per-zone']).default('one'),
      })
      .prefault({})
      .describe('The network.'),
    masters: z
      .array(
        z.strictObject({
          id: z.string().min(2).max(20),
          version: z.string().default('2.550'),
          listener: z
            .discriminatedUnion('kind', [
              z.strictObject({ kind: z.literal('https'), certificateArn: z.string().startsWith('arn:') }),
              z.strictObject({ kind: z.literal('http'), reason: z.string().min(1) }),
            ])
            .optional(),
          notify: z.email().optional(),
          size: z.union([z.literal('small'), z.strictObject({ cpu: z.number().multipleOf(2) })]).optional(),
          enabled: z.boolean().default(true),
        }),
      )
      .min(1),
    tags: z.record(z.string().regex(/^k/), z.string()).default({}),
  })
  .superRefine(
    (value, context) => {
      if (value.network?.zones === 3 && value.network.nat === 'none') {
        context.addIssue({
          code: 'custom',
          message: 'three zones need a NAT gateway',
          path: ['network', 'nat'],
          params: { code: 'NETWORK_NAT_MISSING' },
        });
      }
    },
    { when: () => true },
  );

export const valid = 'name: ci\nmasters:\n  - id: main\n';

/** What parsing throws, or undefined. */
export function failureOf(text: string, fileName = 'c.yaml') {
  try {
    parseConfig({ text, fileName, schema });
    return undefined;
  } catch (error) {
    return error as { code: string; message: string; problems: LocatedProblem[] };
  }
}

/** `line:column message` of every problem. */
export function problemsOf(text: string, fileName = 'c.yaml'): string[] {
  const problems = failureOf(text, fileName)?.problems ?? [];
  return problems.map((problem) => {
    if (!isLocatedProblem(problem)) throw new Error(`no place: ${JSON.stringify(problem)}`);
    return `${problem.line}:${problem.column} ${problem.message}`;
  });
}
