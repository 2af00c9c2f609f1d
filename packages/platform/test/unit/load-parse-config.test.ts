import { isJenkinsAwsError } from '@jenkins-aws/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../src/load/parse-config.js';
import { failureOf, problemsOf, schema, valid } from './load-schema.js';

describe('a right configuration', () => {
  const whole = {
    name: 'ci',
    network: { cidr: '10.0.0.0/16', zones: 2, nat: 'one' },
    masters: [{ id: 'main', version: '2.550', enabled: true }],
    tags: {},
  };

  it('gets its defaults, from YAML and from JSON', () => {
    expect(parseConfig({ text: valid, fileName: 'c.yml', schema })).toEqual(whole);
    const text = '\uFEFF{"name":"ci",\r\n\t"masters":[{"id":"main"}]}';
    expect(parseConfig({ text, fileName: 'c.json', schema })).toEqual(whole);
  });

  it('may use anchors and aliases', () => {
    const text = 'name: &n ci\nmasters:\n  - &m {id: main, version: *n}\n  - *m\n';
    const { masters } = parseConfig({ text, fileName: 'c.yaml', schema });
    expect(masters).toEqual([1, 2].map(() => ({ id: 'main', version: 'ci', enabled: true })));
  });

  it('is YAML 1.2 whatever a directive says: no is text', () => {
    const text = '%YAML 1.1\n---\na: no\n';
    expect(parseConfig({ text, fileName: 'c.yaml', schema: z.strictObject({ a: z.string() }) })).toEqual({ a: 'no' });
  });
});

describe('fails with all problems in one go, each with its place and way out', () => {
  const text = `nmae: x
network:
  CIDR: 1
  zones: 7
  nat: per_zone
certificateArn: x
masters:
  - id: a
    version: 2.550
    listener: {kind: htp}
    notify: nobody
    size: {cpu: 3, memory: 1}
    enabled: yes
    extra: 1
    extra: 2
  - listener:
      kind: http
      certificateArn: 5
    id:
    size: big
  - id: "${'x'.repeat(70)}"
    listener: {kind: https, certificateArn: x}
tags: {q: 1, k: 1}
`;

  it('in the order of the text', () => {
    expect(problemsOf(text)).toEqual([
      '1:1 name: is missing; it must be text',
      "1:1 nmae: is not a known key; did you mean 'name'?",
      "3:3 network.CIDR: is not a known key; did you mean 'cidr'?",
      '4:10 network.zones: must be a whole number from 2 to 6, got 7',
      "5:8 network.nat: must be 'none', 'one' or 'per-zone', got 'per_zone'; did you mean 'per-zone'?",
      "6:1 certificateArn: is not a known key; it belongs into 'masters[].listener'",
      "8:9 masters[0].id: must be text of 2 to 20 characters, got 'a' (1 character)",
      '9:14 masters[0].version: must be text, got 2.550; put it in quotes: "2.550"',
      "10:22 masters[0].listener.kind: must be 'https' or 'http', got 'htp'; did you mean 'http'?",
      "11:13 masters[0].notify: must be an e-mail address such as ops@example.com, got 'nobody'",
      '12:17 masters[0].size.cpu: must be a number in steps of 2, got 3',
      '12:20 masters[0].size.memory: is not a known key; remove it',
      "13:14 masters[0].enabled: must be true or false, got 'yes'",
      '15:5 masters[0].extra: is given twice in one mapping; keep one of them',
      '15:5 masters[0].extra: is not a known key; remove it',
      '16:5 masters[1].listener.reason: is missing; it must be text that is not empty',
      "18:7 masters[1].listener.certificateArn: is not a known key; it does not go with kind: 'http'",
      '19:5 masters[1].id: must be text of 2 to 20 characters, got nothing; give a value or remove the key',
      "20:11 masters[1].size: must be 'small', or a mapping, got 'big'",
      `21:9 masters[2].id: must be text of 2 to 20 characters, got '${'x'.repeat(59)}…' (70 characters)`,
      "22:45 masters[2].listener.certificateArn: must be text that starts with 'arn:', got 'x'",
      '23:8 tags.q: is not allowed as a key',
      '23:17 tags.k: must be text, got 1; put it in quotes: "1"',
    ]);
  });

  it('as a coded error whose message holds every line', () => {
    const failure = failureOf(text);
    expect(isJenkinsAwsError(failure)).toBe(true);
    expect(failure).toMatchObject({ name: 'PlatformError', code: 'PLATFORM_CONFIG_INVALID' });
    expect(failure?.message.split('\n')[0]).toBe('c.yaml has 23 problems:');
    expect(failure?.message).toContain('\n  c.yaml:4:10 network.zones: must be');
    expect(failure?.problems[3]).toEqual({
      code: 'PLATFORM_CONFIG_WRONG_VALUE',
      file: 'c.yaml',
      line: 4,
      column: 10,
      path: ['network', 'zones'],
      message: 'network.zones: must be a whole number from 2 to 6, got 7',
    });
  });

  it('with the schema’s own message, and what it got', () => {
    expect(problemsOf('name: CI\nmasters: [{id: main}]')).toEqual(["1:7 name: must be lower-case letters, got 'CI'"]);
  });

  it('with the message and code of a rule over several keys, also beside another problem', () => {
    const failure = failureOf('name: CI\nnetwork: {zones: 3, nat: none}\nmasters: [{id: main}]');
    expect(failure?.problems.map(({ code, line, column, message }) => [code, line, column, message])).toEqual([
      ['PLATFORM_CONFIG_WRONG_VALUE', 1, 7, "name: must be lower-case letters, got 'CI'"],
      ['NETWORK_NAT_MISSING', 2, 26, 'network.nat: three zones need a NAT gateway'],
    ]);
  });

  it('of names that a person chooses', () => {
    const access = z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a'), one: z.string().optional() }),
      z.strictObject({ kind: z.literal('b'), two: z.string().optional() }),
    ]);
    const named = z.strictObject({
      region: z.string().refine((region) => region.includes('-'), 'must be a region name'),
      masters: z.record(z.string().regex(/^[a-z]+$/, 'must be lower-case letters'), z.strictObject({ access })),
    });
    const text = 'region: mars\nmasters:\n  Main: {access: {kind: a}}\n  other: {access: {kind: a, two: x}}\n';
    const parse = () => parseConfig({ text, fileName: 'c.yaml', schema: named });
    expect(parse).toThrow(
      [
        'c.yaml has 3 problems:',
        "c.yaml:1:9 region: must be a region name, got 'mars'",
        "c.yaml:3:3 masters.Main: the key must be lower-case letters, got 'Main'",
        "c.yaml:4:29 masters.other.access.two: is not a known key; it does not go with kind: 'a'",
      ].join('\n  '),
    );
  });

  it('without a rule over several keys about a value of the wrong type', () => {
    expect(problemsOf('name: ci\nnetwork: {zones: 3, nat: }\nmasters: [{id: main}]')).toEqual([
      "2:21 network.nat: must be 'none', 'one' or 'per-zone', got nothing; give a value or remove the key",
    ]);
    const ruled = z
      .object({ a: z.array(z.number()) })
      .superRefine(
        (_, context) => context.addIssue({ code: 'custom', message: 'must have an entry', path: ['a', 0] }),
        { when: () => true },
      );
    const parse = (text: string) => () => parseConfig({ text, fileName: 'c.yaml', schema: ruled });
    expect(parse('a:')).toThrow(
      /^c\.yaml:1:1 a: must be a list of numbers, got nothing; give a value or remove the key$/,
    );
    expect(parse('a: []')).toThrow(/^c\.yaml:1:1 a\[0\]: must have an entry$/);
  });

  it('with a key that is there too, when that was meant', () => {
    expect(problemsOf(`${valid}netwrok: {}\nnetwork: {}\n`)).toEqual([
      "4:1 netwrok: is not a known key; did you mean 'network', which is there too?",
    ]);
  });

  it('at the key around it when a rule is about a key that has its default', () => {
    const strict = z.strictObject({ a: z.strictObject({ b: z.string().default('x') }) }).superRefine((_, context) => {
      context.addIssue({ code: 'custom', message: 'is wrong', path: ['a', 'b'] });
    });
    const parse = () => parseConfig({ text: '# c\na: {}\n', fileName: 'c.yaml', schema: strict });
    expect(parse).toThrow('c.yaml:2:1 a.b: is wrong');
  });

  it('at the text behind an alias', () => {
    expect(problemsOf('name: ci\nmasters:\n  - &m {id: 1}\n  - *m\n')).toEqual([
      '3:13 masters[0].id: must be text of 2 to 20 characters, got 1; put it in quotes: "1"',
      '3:13 masters[1].id: must be text of 2 to 20 characters, got 1; put it in quotes: "1"',
    ]);
  });

  it('without obeying control characters of the text', () => {
    expect(problemsOf('{"name": "\\u001b[31m", "masters": [{"id": "main"}]}', 'c.json')).toEqual([
      "1:10 name: must be lower-case letters, got ' [31m'",
    ]);
  });

  it('but shows 50 and counts the rest', () => {
    const failure = failureOf(`${valid}${Array.from({ length: 60 }, (_, index) => `other${index}: 1`).join('\n')}`);
    expect(failure?.problems).toHaveLength(50);
    expect(failure?.message).toMatch(/^c\.yaml has 60 problems:\n(?:.*\n)* {2}and 10 more$/);
  });
});

describe('fails on a text that is no configuration', () => {
  it.each([
    ['', 'PLATFORM_CONFIG_EMPTY', 'c.yaml has no content; write a configuration with `jenkins-aws init`'],
    [
      '# only a comment\n',
      'PLATFORM_CONFIG_EMPTY',
      'c.yaml has no content; write a configuration with `jenkins-aws init`',
    ],
    ['---\n~\n', 'PLATFORM_CONFIG_EMPTY', 'c.yaml has no content; write a configuration with `jenkins-aws init`'],
    [
      '- a\n',
      'PLATFORM_CONFIG_INVALID',
      'c.yaml:1:1 the configuration must be a mapping of keys to values, got a list',
    ],
    ['ci', 'PLATFORM_CONFIG_INVALID', "c.yaml:1:1 the configuration must be a mapping of keys to values, got 'ci'"],
    [
      'a: 1\n---\nb: 2\n',
      'PLATFORM_CONFIG_SYNTAX',
      'c.yaml:2:1 a configuration is one document; remove the `---` and what follows',
    ],
    ['a:\n\tb: 1\n', 'PLATFORM_CONFIG_SYNTAX', 'c.yaml:2:1 tabs must not indent YAML; use spaces'],
    ['a: 1\na: [', 'PLATFORM_CONFIG_SYNTAX', 'c.yaml:2:5 a [ has no ] after it, or stands less indented than its key'],
    ['a: "x\n', 'PLATFORM_CONFIG_SYNTAX', 'c.yaml:2:1 text in quotes has no " at its end'],
    [
      'a: b: c',
      'PLATFORM_CONFIG_SYNTAX',
      "c.yaml:1:4 a value must not hold another 'key: value' on its line; put text with a colon in quotes",
    ],
    [
      'a:\n  b: 1\n c: 2\n',
      'PLATFORM_CONFIG_SYNTAX',
      'c.yaml:3:1 the entries of one mapping or list must start at the same column',
    ],
    [
      'name:ci\nb: 2',
      'PLATFORM_CONFIG_SYNTAX',
      "c.yaml:1:1 expected 'key: value'; is a colon or the space after it missing?",
    ],
    ['a: @b', 'PLATFORM_CONFIG_SYNTAX', 'c.yaml:1:4 text that starts with @ or ` must stand in quotes'],
    ['a: !secret b', 'PLATFORM_CONFIG_SYNTAX', 'c.yaml:1:4 the tag !secret is not known; remove it'],
    ['a: *b', 'PLATFORM_CONFIG_SYNTAX', 'c.yaml:1:4 a: the alias *b has no &b before it'],
    ['a: &a [*a]', 'PLATFORM_CONFIG_SYNTAX', 'c.yaml:1:8 a[0]: the alias *a holds itself'],
    ['? [a]\n: 1', 'PLATFORM_CONFIG_SYNTAX', 'c.yaml:1:3 a key must be text'],
    [
      'a: b\n}',
      'PLATFORM_CONFIG_SYNTAX',
      'c.yaml:2:1 is not valid YAML: unexpected flow-map-end token in YAML stream: "}"',
    ],
  ])('%j', (text, code, message) => {
    expect(failureOf(text)).toMatchObject({ code, message });
  });

  it.each([
    [' \n', 'PLATFORM_CONFIG_EMPTY', 'c.json has no content; write a configuration with `jenkins-aws init`'],
    [
      '{"a":1,}',
      'PLATFORM_CONFIG_SYNTAX',
      "c.json:1:8 expected a key in double quotes (a comma before the end is not allowed), got '}'",
    ],
    ['{\n  a: 1}', 'PLATFORM_CONFIG_SYNTAX', "c.json:2:3 expected a key in double quotes or '}', got 'a'"],
    [
      '{"a": "b\n"}',
      'PLATFORM_CONFIG_SYNTAX',
      'c.json:1:7 text in double quotes must end on its line and use only the escapes of JSON',
    ],
    ['{"a": [1', 'PLATFORM_CONFIG_SYNTAX', "c.json:1:9 expected ',' or ']', got the end of the file"],
    ['[01]', 'PLATFORM_CONFIG_SYNTAX', "c.json:1:2 expected a value or ']', got '01'"],
    ['// c\n{}', 'PLATFORM_CONFIG_SYNTAX', 'c.json:1:1 JSON has no comments; remove it, or use a .yaml file'],
    [
      '{"name":"ci","name":"ci","masters":[{"id":"main"}]}',
      'PLATFORM_CONFIG_INVALID',
      'c.json:1:14 name: is given twice in one mapping; keep one of them',
    ],
  ])('%j', (text, code, message) => {
    expect(failureOf(text, 'c.json')).toMatchObject({ code, message });
  });

  it('whose name does not tell the format', () => {
    expect(failureOf(valid, 'c.toml')).toMatchObject({
      code: 'PLATFORM_CONFIG_FORMAT',
      message: "the configuration file's name must end in .yaml, .yml or .json, got 'c.toml'",
    });
  });
});

describe('fails soon on a text made to exhaust the parser', () => {
  const limit = 256 * 1024;
  const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let index = 1; index < 12; index += 1) {
    laughs.push(`a${index}: &a${index} [${`*a${index - 1}, `.repeat(10)}]`);
  }

  it.each([
    ['larger than 256 KiB', `a: ${'x'.repeat(limit)}`, 'PLATFORM_CONFIG_TOO_LARGE'],
    ['of 90,000 three-byte characters', '€'.repeat(90_000), 'PLATFORM_CONFIG_TOO_LARGE'],
    ['of nested brackets', '['.repeat(limit), 'PLATFORM_CONFIG_TOO_LARGE'],
    ['of nested dashes', '- '.repeat(limit / 2), 'PLATFORM_CONFIG_TOO_LARGE'],
    ['of aliases to aliases', laughs.join('\n'), 'PLATFORM_CONFIG_TOO_LARGE'],
    ['of one list', `a: [${'1,'.repeat(limit / 2 - 10)}]`, 'PLATFORM_CONFIG_TOO_LARGE'],
    [
      'of 20,000 keys',
      Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n'),
      'PLATFORM_CONFIG_INVALID',
    ],
    ['of one key again and again', 'a: 1\n'.repeat(50_000), 'PLATFORM_CONFIG_INVALID'],
    ['of quotes', '"'.repeat(limit), 'PLATFORM_CONFIG_SYNTAX'],
  ])('%s', { timeout: 30_000 }, (_, text, code) => {
    expect(failureOf(text)?.code).toBe(code);
  });

  it('an open JSON text of 256 KiB', () => {
    expect(failureOf(`"${'a\\n'.repeat(80_000)}`, 'c.json')?.code).toBe('PLATFORM_CONFIG_SYNTAX');
  });
});
