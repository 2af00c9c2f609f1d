// docs/whitepaper.md has one row for every heading of the whitepaper, in its order, and names nothing that does not exist.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../build/discover.mjs';
import { runAsProgram } from './lib/results.mjs';

/** The paper's headings in its order; the paper itself is AWS's and not in this repository. */
const HEADINGS = JSON.parse(readFileSync(new URL('whitepaper-headings.json', import.meta.url), 'utf8'));

/** The first and the second cell of every table row that is not a head. */
export function rowsOf(markdown) {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (Heading \||---)/.test(line))
    .map((line) => {
      const [heading, answer] = line
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim());
      return { heading, answer: answer ?? '' };
    });
}

/** Whether `path`, e.g. `masters.*.home.throughput`, names a property of a JSON schema; `*` is any key. */
export function isConfigKey(schema, path) {
  const resolve = (node) =>
    node?.$ref
      ? node.$ref
          .slice(2)
          .split('/')
          .reduce((at, key) => at?.[key], schema)
      : node;
  let here = [schema];
  for (const key of path.split('.')) {
    here = here
      .map(resolve)
      .flatMap((node) => [node, ...(node?.anyOf ?? []), ...(node?.oneOf ?? []), ...(node?.allOf ?? [])].map(resolve))
      .map((node) => (key === '*' ? node?.additionalProperties : node?.properties?.[key]))
      .filter((node) => node !== null && typeof node === 'object');
  }
  return here.length > 0;
}

/**
 * @param {{ markdown: string, headings: string[], schema: object | undefined, cli: string | undefined }} input
 * `schema` and `cli` are the generated references.
 * @returns {string[]} what is wrong
 */
export function whitepaperProblems({ markdown, headings, schema, cli }) {
  const rows = rowsOf(markdown);
  const problems = [];
  let at = 0;
  for (const heading of headings) {
    const found = rows.findIndex((row, index) => index >= at && row.heading === heading);
    if (found < 0) problems.push(`no row for the heading '${heading}', or not in the paper's order`);
    else {
      for (const { heading: extra } of rows.slice(at, found))
        problems.push(`'${extra}' is no heading of the paper, or not at this place`);
      at = found + 1;
    }
  }
  for (const { heading: extra } of rows.slice(at))
    problems.push(`'${extra}' is no heading of the paper, or not at this place`);

  for (const { heading, answer } of rows) {
    if (answer.length < 10) problems.push(`the row of '${heading}' says nothing`);
    for (const [, code] of answer.matchAll(/`([^`]+)`/g)) {
      if (/^(name|region|tags|network|masters)\b[\w.*]*$/.test(code) && !isConfigKey(schema ?? {}, code)) {
        problems.push(`the row of '${heading}' names the config key '${code}', which the schema has not`);
      }
      const command = /^jenkins-aws ([a-z]+)/.exec(code)?.[1];
      if (command !== undefined && !new RegExp(`^#+ .*jenkins-aws ${command}\\b`, 'm').test(cli ?? '')) {
        problems.push(`the row of '${heading}' names the command '${command}', which the command line has not`);
      }
    }
  }
  return problems;
}

/** @returns {import('./lib/results.mjs').Result[]} */
export function checkWhitepaper() {
  const read = (file) =>
    existsSync(join(repositoryRoot, file)) ? readFileSync(join(repositoryRoot, file), 'utf8') : undefined;
  const schema = read('docs/reference/config.schema.json');
  const problems = whitepaperProblems({
    markdown: read('docs/whitepaper.md') ?? '',
    headings: HEADINGS,
    schema: schema === undefined ? undefined : JSON.parse(schema),
    cli: read('docs/reference/cli.md'),
  });
  return [
    {
      name: 'a row for every heading of the whitepaper',
      status: problems.length === 0 ? 'passed' : 'failed',
      detail: problems.join('\n'),
    },
  ];
}

await runAsProgram(import.meta.url, checkWhitepaper);
