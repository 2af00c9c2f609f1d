// A change that users see comes with a changeset, and every changeset names packages that exist.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../build/discover.mjs';
import { publishable } from './lib/folders.mjs';
import { runAsProgram } from './lib/results.mjs';

/**
 * @param {Record<string, string>} files text by file name
 * @param {string[]} names the publishable packages
 * @returns {string[]} what is wrong
 */
export function changesetProblems(files, names) {
  const problems = Object.entries(files).flatMap(([file, text]) => {
    const header = /^---\n([\s\S]*?)\n---\n+(\S[\s\S]*)$/.exec(text);
    if (header === null) return [`${file}: wants a header between --- lines and a text for the changelog below it`];
    return header[1].split('\n').flatMap((line) => {
      const entry = /^["']?([^"']+)["']?: (major|minor|patch)$/.exec(line);
      if (entry === null) return [`${file}: '${line}' is not "package": major|minor|patch`];
      return names.includes(entry[1]) ? [] : [`${file}: there is no package ${entry[1]}`];
    });
  });
  if (Object.keys(files).length === 0) problems.push('no changeset: run `npx changeset` and say what users will see');
  return problems;
}

/** @returns {import('./lib/results.mjs').Result[]} */
export function checkChangesets() {
  const folder = join(repositoryRoot, '.changeset');
  const names = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
  const files = Object.fromEntries(names.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const problems = changesetProblems(
    files,
    publishable().map(({ manifest }) => manifest.name),
  );
  return [{ name: 'changesets', status: problems.length === 0 ? 'passed' : 'failed', detail: problems.join('\n') }];
}

await runAsProgram(import.meta.url, checkChangesets);
