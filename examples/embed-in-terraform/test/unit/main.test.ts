import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@cdktn/hcl2json';
import { beforeAll, describe, expect, it } from 'vitest';

const FOLDER = join(import.meta.dirname, '..', '..');
const TEMPLATES = join(FOLDER, 'node_modules/@jenkins-aws/master/templates');
const text = readFileSync(join(FOLDER, 'main.tf'), 'utf8');

type Stack = { template_body: string; capabilities?: string[] };
type Template = { Parameters: Record<string, { Default?: unknown }>; Outputs: Record<string, unknown> };

let parsed: Record<string, Record<string, unknown>>;
let stacks: Record<string, [Stack]>;
beforeAll(async () => {
  parsed = await parse('main.tf', text);
  stacks = parsed.resource?.aws_cloudformation_stack as Record<string, [Stack]>;
});

function templateOf(stack: string): Template {
  const fileName = /\/([a-z0-9-]+\.json)"\)/.exec(stacks[stack]?.[0].template_body ?? '')?.[1];
  return JSON.parse(readFileSync(join(TEMPLATES, fileName ?? expect.fail(`${stack} reads no file`)), 'utf8'));
}

/** The keys of the maps in `locals`, by the map's name. */
function locals(): Record<string, string[]> {
  const blocks = (parsed.locals as unknown as Record<string, unknown>[]).flatMap((block) => Object.entries(block));
  return Object.fromEntries(
    blocks.map(([name, value]) => [name, typeof value === 'object' && value !== null ? Object.keys(value) : []]),
  );
}

describe('main.tf', () => {
  it('fails to parse when its syntax is broken, and parses as it is', async () => {
    await expect(parse('main.tf', text.replace('locals {', 'locals {{'))).rejects.toThrowError();
    expect(Object.keys(stacks)).toEqual(['home', 'jenkins']);
  });

  it('gives each file every parameter without a default, and no other that it does not have', () => {
    const { network = [], access = [] } = locals();
    const given = { home: network, jenkins: [...network, ...Object.keys(templateOf('home').Outputs), ...access] };
    for (const [stack, names] of Object.entries(given)) {
      const { Parameters } = templateOf(stack);
      expect(Object.keys(Parameters)).toEqual(expect.arrayContaining(names));
      const needed = Object.keys(Parameters).filter((name) => Parameters[name]?.Default === undefined);
      expect(names).toEqual(expect.arrayContaining(needed));
    }
  });

  it('reads only outputs that the files have', () => {
    const read = [...text.matchAll(/aws_cloudformation_stack\.(\w+)\.outputs\["(\w+)"\]/g)];
    expect(read.length).toBeGreaterThan(3);
    for (const [, stack = '', output = ''] of read) expect(templateOf(stack).Outputs).toHaveProperty(output);
  });

  it('acknowledges that a role is made where one is made', () => {
    expect(JSON.stringify(templateOf('jenkins'))).toContain('AWS::IAM::Role');
    expect(stacks.jenkins?.[0].capabilities).toEqual(['CAPABILITY_IAM']);
  });
});
