// `npm run docs`: writes what is generated in docs/reference, the picture, and the README's table of packages, all from the
// built packages. `--check` only compares.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../build/discover.mjs';
import { renderCli } from './docs/cli.mjs';
import { renderCodes } from './docs/codes.mjs';
import { renderConfig } from './docs/config.mjs';
import { renderDiagram } from './docs/picture.mjs';
import { renderReadme } from './docs/readme.mjs';
import { renderAlarms, renderTalk } from './docs/tables.mjs';
import { renderTemplates } from './docs/templates.mjs';
import { runAsProgram } from './lib/results.mjs';

const REFERENCE = 'docs/reference';
const WRITERS = [
  renderConfig,
  renderCli,
  renderCodes,
  renderTalk,
  renderAlarms,
  renderTemplates,
  renderDiagram,
  renderReadme,
];

/** What should stand where: text by path from the repository's root. */
async function generate() {
  const files = {};
  const problems = [];
  for (const writer of WRITERS) {
    try {
      Object.assign(files, await writer());
    } catch (error) {
      problems.push(`${writer.name}: ${error.message}`);
    }
  }
  return { files, problems };
}

const current = (file) => {
  const path = join(repositoryRoot, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};

/** Files of the generated folder that nothing generates any more. */
function leftovers(files) {
  const folder = join(repositoryRoot, REFERENCE);
  const existing = existsSync(folder) ? readdirSync(folder).map((name) => `${REFERENCE}/${name}`) : [];
  return existing.filter((file) => !(file in files));
}

/** @returns {Promise<import('./lib/results.mjs').Result[]>} */
export async function checkDocs() {
  const { files, problems } = await generate();
  const stale = Object.keys(files).filter((file) => current(file) !== files[file]);
  const all = [
    ...problems,
    ...stale.map((file) => `${file} is stale: run npm run docs`),
    ...(problems.length === 0
      ? leftovers(files).map((file) => `${file} is not generated any more: run npm run docs`)
      : []),
  ];
  return [
    {
      name: 'generated documentation is up to date',
      status: all.length === 0 ? 'passed' : 'failed',
      detail: all.join('\n'),
    },
  ];
}

/** @returns {Promise<import('./lib/results.mjs').Result[]>} */
async function writeDocs() {
  const { files, problems } = await generate();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repositoryRoot, file)), { recursive: true });
    writeFileSync(join(repositoryRoot, file), text);
  }
  if (problems.length === 0) for (const file of leftovers(files)) rmSync(join(repositoryRoot, file));
  const status = problems.length === 0 ? 'passed' : 'failed';
  return [{ name: `wrote ${Object.keys(files).length} files`, status, detail: problems.join('\n') }];
}

await runAsProgram(import.meta.url, process.argv.includes('--check') ? checkDocs : writeDocs);
