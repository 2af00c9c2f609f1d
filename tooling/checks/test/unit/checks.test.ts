import { describe, expect, it } from 'vitest';
import { acceptedProblems } from '../../accepted.mjs';
import { changedLines, declarationsOf, renderReport } from '../../api-reports.mjs';
import { changesetProblems } from '../../changesets.mjs';
import { subcommandsOf } from '../../docs/cli.mjs';
import { collectCodes } from '../../docs/codes.mjs';
import { between } from '../../docs/readme.mjs';
import { accepts, withoutAccepted } from '../../lib/accepted.mjs';
import { satisfiesFloor } from '../../lib/node-version.mjs';
import { totals } from '../../lib/results.mjs';
import { countTests } from '../../vitest.mjs';
import { isConfigKey, whitepaperProblems } from '../../whitepaper.mjs';

describe('the version of Node.js', () => {
  it.each([
    ['20.19.0', true],
    ['20.18.9', false],
    ['20.20.2', true],
    ['18.99.0', false],
    ['24.0.0', true],
  ])('takes %s as new enough for >=20.19: %s', (version, enough) => {
    expect(satisfiesFloor(version, '>=20.19')).toBe(enough);
  });
});

describe('counting', () => {
  const report = (status: string, assertions: object[], message = '') => ({
    testResults: [{ name: '/r/a.test.ts', status, message, assertionResults: assertions }],
  });
  const test = (status: string) => ({ status, fullName: 'does it', failureMessages: ['why'] });
  const count = (value: object, ci = false) => totals(countTests(value, { ci, root: '/r' }));

  it('counts every test by its outcome', () => {
    expect(count(report('failed', [test('passed'), test('passed'), test('failed'), test('skipped')]))).toBe(
      '2 passed, 1 failed, 1 skipped',
    );
  });

  it('fails a skipped test in CI', () => {
    expect(count(report('passed', [test('passed'), test('pending'), test('todo')]), true)).toBe('1 passed, 2 failed');
  });

  it('fails a file that could not be loaded', () => {
    expect(count(report('failed', [], 'Cannot find module'))).toBe('0 passed, 1 failed');
  });

  it('fails a file whose hook failed after green tests', () => {
    expect(count(report('failed', [test('passed')]))).toBe('1 passed, 1 failed');
  });

  it('adds what stands for several', () => {
    const results = [
      { name: 'tests', status: 'passed' as const, count: 40 },
      { name: 'a', status: 'passed' as const },
      { name: 'b', status: 'skipped' as const },
    ];
    expect(totals(results)).toBe('41 passed, 0 failed, 1 skipped');
  });
});

describe('accepted findings', () => {
  const entry = {
    tool: 'cfn-lint',
    rule: 'W1',
    where: '*-controller/Role*',
    reason: 'a reason that is long enough to be one',
  };

  it('match rule, stack and logical id by pattern, whole', () => {
    expect(accepts(entry, { rule: 'W1', where: 'jenkins-a-main-controller/RoleX' })).toBe(true);
    expect(accepts(entry, { rule: 'W2', where: 'jenkins-a-main-controller/RoleX' })).toBe(false);
    expect(accepts(entry, { rule: 'W1', where: 'jenkins-a-main-controller/ARole' })).toBe(false);
    expect(accepts({ ...entry, where: 'a.b/c' }, { rule: 'W1', where: 'axb/c' })).toBe(false);
  });

  it('leave what they do not name, and tell which of them nothing needs', () => {
    const other = { ...entry, rule: 'W9' };
    const findings = [
      { rule: 'W1', where: 'x-controller/Role1' },
      { rule: 'W1', where: 'x-network/Role1' },
    ];
    expect(withoutAccepted([entry, other], findings)).toEqual({ open: [findings[1]], unused: [other] });
  });

  it('fails one without a reason, a known tool or a place', () => {
    expect(acceptedProblems([entry])).toEqual([]);
    expect(acceptedProblems([{ ...entry, reason: 'noise' }])).toHaveLength(1);
    expect(acceptedProblems([{ ...entry, tool: 'other' }])).toHaveLength(1);
    expect(acceptedProblems([{ ...entry, where: '*/*' }])).toHaveLength(1);
  });
});

describe('changesets', () => {
  const text = '---\n"jenkins-aws": minor\n---\n\nWhat users see.\n';

  it('takes one that names a package and says something', () => {
    expect(changesetProblems({ 'a.md': text }, ['jenkins-aws'])).toEqual([]);
  });

  it.each([
    ['there is none', {}],
    ['the package does not exist', { 'a.md': text.replace('jenkins-aws', 'jenkins-axs') }],
    ['the bump is unknown', { 'a.md': text.replace('minor', 'huge') }],
    ['it says nothing', { 'a.md': '---\n"jenkins-aws": minor\n---\n' }],
  ])('fails when %s', (_, files) => {
    expect(changesetProblems(files as Record<string, string>, ['jenkins-aws'])).toHaveLength(1);
  });
});

describe('the whitepaper page', () => {
  const schema = {
    properties: {
      name: { type: 'string' },
      masters: { additionalProperties: { $ref: '#/definitions/master' } },
    },
    definitions: { master: { properties: { home: { anyOf: [{ properties: { throughput: {} } }] } } } },
  };
  const cli = '## jenkins-aws plan\n';
  const page = (...rows: [string, string][]) =>
    ['| Heading | Answered by |', '| --- | --- |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
  const problems = (...rows: [string, string][]) =>
    whitepaperProblems({ markdown: page(...rows), headings: ['One', 'Two', 'One'], schema, cli });
  const answer = 'Answered by something.';

  it('takes a row for each heading, also for two of one name', () => {
    expect(problems(['One', answer], ['Two', answer], ['One', answer])).toEqual([]);
  });

  it('fails for a heading without a row', () => {
    expect(problems(['One', answer], ['Two', answer])).toEqual([expect.stringContaining("'One'")]);
  });

  it('fails for a row that is no heading', () => {
    expect(problems(['One', answer], ['Three', answer], ['Two', answer], ['One', answer])).toEqual([
      expect.stringContaining("'Three'"),
    ]);
  });

  it('fails for an empty answer', () => {
    expect(problems(['One', '-'], ['Two', answer], ['One', answer])).toEqual([expect.stringContaining("'One'")]);
  });

  it('fails for a config key or a command that does not exist', () => {
    const found = problems(
      ['One', '`masters.*.home.throughput` and `masters.*.homes`'],
      ['Two', '`jenkins-aws plan` and `jenkins-aws plant`'],
      ['One', answer],
    );
    expect(found).toEqual([expect.stringContaining('masters.*.homes'), expect.stringContaining("'plant'")]);
  });

  it('finds keys through references and alternatives', () => {
    expect(isConfigKey(schema, 'masters.*.home.throughput')).toBe(true);
    expect(isConfigKey(schema, 'masters.home')).toBe(false);
    expect(isConfigKey(schema, 'region')).toBe(false);
  });
});

describe('generated pages', () => {
  it('find the commands of a help text', () => {
    const text =
      'Usage: x\n\nOptions:\n  -c  config\n\nCommands:\n  plan [options]  what\n                  more\n  emulator        run\n  help [command]  help\n\nNotes:\n  not-me\n';
    expect(subcommandsOf(text)).toEqual(['plan', 'emulator']);
  });

  it('put a text between its markers and leave the rest', () => {
    expect(between('a\n<!-- x:start -->\nold\n<!-- x:end -->\nb', 'x', 'new')).toBe(
      'a\n<!-- x:start -->\nnew\n<!-- x:end -->\nb',
    );
  });

  it('fail without markers', () => {
    expect(() => between('a', 'x', 'new')).toThrow('x:start');
  });

  it('fail when two packages declare one code', () => {
    const packages = [
      { name: 'a', entry: { A_ERRORS: { SAME: 'x' } } },
      { name: 'b', entry: { B_ERRORS: { SAME: 'y' } } },
    ];
    expect(() => collectCodes(packages)).toThrow('SAME is declared twice: in a and in b');
  });
});

describe('API reports', () => {
  const extracted = (code: string) => `## API Report File\n\n> made by\n\n\`\`\`ts\n\n${code}\n\`\`\`\n`;

  it('keep the declarations and leave out what stands in every report', () => {
    const code = [
      '// @public (undocumented)',
      'export interface Thing {',
      '    // (undocumented)',
      '    readonly name: string;',
      '}',
      '',
      '// @public @deprecated',
      'export const other = 1;',
      '',
      '// (No @packageDocumentation comment for this package)',
    ].join('\n');
    expect(declarationsOf(extracted(code))).toBe(
      'export interface Thing {\n    readonly name: string;\n}\n\n// @public @deprecated\nexport const other = 1;',
    );
  });

  it('have one section for each entry', () => {
    const text = renderReport('@x/y', [
      { entry: '.', declarations: 'export const a = 1;' },
      { entry: './cdk', declarations: 'export class B {}' },
    ]);
    expect(text).toContain('## `@x/y`\n\n```ts\nexport const a = 1;\n```');
    expect(text).toContain('## `@x/y/cdk`\n\n```ts\nexport class B {}\n```');
  });

  it('show the lines that went and came when an export changes', () => {
    expect(changedLines('a\nexport const b: 1;\nc', 'a\nexport const b: 2;\nc')).toEqual([
      '  - export const b: 1;',
      '  + export const b: 2;',
    ]);
  });

  it('fails to read what is no report', () => {
    expect(() => declarationsOf('nothing')).toThrow('not a report');
  });
});
