// Logical ids are a contract: CloudFormation knows a running resource by nothing else, and they are made from the ids of
// the constructs on the way to it. `logical-ids.json` has those of every template; `--check` only compares.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../build/discover.mjs';
import { runAsProgram } from './lib/results.mjs';
import { collectTemplates } from './lib/templates.mjs';
import { CONSEQUENCES, FILE_GONE, SECTIONS, STACK_GONE } from './logical-ids/consequences.mjs';

const FILE = 'tooling/checks/logical-ids.json';
const COMMAND = 'node tooling/checks/logical-ids.mjs';
const isShipped = (source) => source.startsWith('packages/');

/**
 * @typedef {Record<string, Record<string, Record<string, string>>>} Contract
 * For each source and stack: the type of a resource by its logical id. `Outputs.<name>`, and in a shipped file
 * `Parameters.<name>`, are what callers use.
 */

/** The part of a contract that one template is. */
export function idsOf(template, shipped) {
  const resources = Object.entries(template.Resources).map(([id, { Type }]) => [id, Type]);
  const names = Object.keys(SECTIONS)
    .filter((section) => shipped || section === 'Outputs')
    .flatMap((section) => Object.keys(template[section] ?? {}).map((name) => [`${section}.${name}`, section]));
  return Object.fromEntries([...resources, ...names].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Everything in `before` that is not in `now`, and what that does. An entry without `consequence` can go unnoticed.
 *
 * @param {Contract} before
 * @param {Contract} now
 * @returns {{ source: string, stack: string, id: string, type: string, consequence?: string }[]}
 */
export function goneFrom(before, now) {
  const gone = [];
  for (const [source, stacks] of Object.entries(before)) {
    // A config that is there no more was a test's or an example's; files that are shipped have users.
    if (now[source] === undefined && !isShipped(source)) continue;
    for (const [stack, ids] of Object.entries(stacks)) {
      const current = now[source]?.[stack];
      if (current === undefined) {
        gone.push({ source, stack, id: '', type: '', consequence: isShipped(source) ? FILE_GONE : STACK_GONE });
        continue;
      }
      for (const [id, type] of Object.entries(ids)) {
        if (current[id] === type) continue;
        const consequence = SECTIONS[type] ?? CONSEQUENCES[type];
        gone.push({ source, stack, id, type, ...(consequence === undefined ? {} : { consequence }) });
      }
    }
  }
  return gone;
}

/**
 * One line for each id, however many templates had it.
 *
 * @param {ReturnType<typeof goneFrom>} gone
 */
function explain(gone) {
  const places = new Map();
  for (const { source, stack, id, type, consequence } of gone) {
    if (consequence === undefined) continue;
    const what = id === '' ? `${stack}: ${consequence}` : `${id} (${type}): ${consequence}`;
    places.set(what, [...(places.get(what) ?? []), `${stack} of ${source}`]);
  }
  const lines = [...places].map(([what, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `gone from ${first}${more}: ${what}`;
  });
  if (lines.length > 0)
    lines.push(
      `Keep the construct's id. If this is meant, say in a changeset how a running platform comes through, and take the entries out of ${FILE} by hand.`,
    );
  return lines;
}

async function compare() {
  const { templates, results } = await collectTemplates();
  /** @type {Contract} */
  const now = {};
  for (const { source, stack, file } of templates) {
    now[source] ??= {};
    now[source][stack] = idsOf(JSON.parse(readFileSync(file, 'utf8')), isShipped(source));
  }
  const file = join(repositoryRoot, FILE);
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
  const unread = results.filter(({ status }) => status !== 'passed').map(({ name }) => `${name} cannot be read`);
  return {
    file,
    stale: committed !== textOf(now),
    text: textOf(now),
    problems: [...unread, ...explain(goneFrom(JSON.parse(committed), now))],
  };
}

const textOf = (contract) => `${JSON.stringify(contract, null, 2)}\n`;

/** @returns {Promise<import('./lib/results.mjs').Result[]>} */
export async function checkLogicalIds() {
  const { stale, problems } = await compare();
  if (problems.length === 0 && stale)
    problems.push(`logical ids came or went of which nothing running depends: run ${COMMAND}`);
  return [{ name: 'logical ids', status: problems.length === 0 ? 'passed' : 'failed', detail: problems.join('\n') }];
}

/** @returns {Promise<import('./lib/results.mjs').Result[]>} */
async function writeLogicalIds() {
  const { file, text, problems } = await compare();
  if (problems.length > 0) return [{ name: `wrote nothing to ${FILE}`, status: 'failed', detail: problems.join('\n') }];
  writeFileSync(file, text);
  return [{ name: `wrote ${FILE}`, status: 'passed' }];
}

await runAsProgram(import.meta.url, process.argv.includes('--check') ? checkLogicalIds : writeLogicalIds);
