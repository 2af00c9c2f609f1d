import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { discoverPackages } from '../../build/discover.mjs';
import { cell, GENERATED, importLibraries } from './built.mjs';

/** The codes of an app, which is one bundled program and exports nothing: read from its source. */
async function importSource(path) {
  if (!existsSync(path)) return {};
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

async function sources() {
  const libraries = await importLibraries();
  const apps = [];
  for (const { path, manifest } of discoverPackages(['apps'])) {
    const entry = {
      ...(await importSource(join(path, 'src', 'errors.ts'))),
      ...(await importSource(join(path, 'src', 'events.ts'))),
    };
    apps.push({ name: manifest.name, entry });
  }
  return [...libraries, ...apps];
}

/**
 * Error codes and events by package.
 *
 * @param {{ name: string, entry: Record<string, any> }[]} packages
 */
export function collectCodes(packages) {
  const owner = new Map();
  const claim = (code, name) => {
    if (owner.has(code)) throw new Error(`the code ${code} is declared twice: in ${owner.get(code)} and in ${name}`);
    owner.set(code, name);
  };
  const pick = (entry, pattern) =>
    Object.entries(entry)
      .filter(([key]) => pattern.test(key))
      .map(([, value]) => value);
  return packages.map(({ name, entry }) => {
    const errors = pick(entry, /^[A-Z]+(_[A-Z]+)*_ERRORS$/).flatMap(Object.entries);
    const events = pick(entry, /^[a-z]\w*Events$/).flatMap(Object.values);
    for (const [code] of errors) claim(code, name);
    for (const { code } of events) claim(code, name);
    return { name, errors, events };
  });
}

const table = (head, rows) =>
  [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join(
    '\n',
  );

/** The pages of error codes and of events. */
export async function renderCodes() {
  const packages = collectCodes(await sources());
  const errors = packages
    .filter(({ errors: codes }) => codes.length > 0)
    .map(({ name, errors: codes }) => {
      const rows = codes
        .map(([code, text]) => [code, ...String(text).split(' · ')])
        .map(([code, meaning, wayOut = '']) => [`\`${code}\``, cell(meaning), cell(wayOut)]);
      return `## ${name}\n\n${table(['code', 'meaning', 'way out'], rows)}`;
    });
  const events = packages
    .filter(({ events: codes }) => codes.length > 0)
    .map(({ name, events: codes }) => {
      const rows = codes.map(({ code, level, description }) => [`\`${code}\``, level, cell(description)]);
      return `## ${name}\n\n${table(['code', 'level', 'reported'], rows)}`;
    });
  return {
    'docs/reference/errors.md': `${[GENERATED, '# Error codes', 'Stable across versions; the messages are not.', ...errors].join('\n\n')}\n`,
    'docs/reference/events.md': `${[GENERATED, '# Events', 'What `--json` prints line by line, and what a `Reporter` gets.', ...events].join('\n\n')}\n`,
  };
}
