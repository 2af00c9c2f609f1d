// `npm run docs:api`: writes the API documentation of every library to docs/api, which git ignores, from the docstrings.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Application, Logger, LogLevel } from 'typedoc';
import { repositoryRoot } from '../build/discover.mjs';
import { declarationsProject, libraryEntries } from './api/entries.mjs';
import { cacheFolder } from './lib/folders.mjs';
import { runAsProgram } from './lib/results.mjs';

const OUT = join(repositoryRoot, 'docs', 'api');

/** Keeps what the generator complains about. */
class Complaints extends Logger {
  /** @type {string[]} */
  texts = [];

  log(message, level) {
    if (level >= LogLevel.Warn) this.texts.push(message);
  }
}

/**
 * Fails for every link in a docstring that leads nowhere.
 *
 * @returns {Promise<import('./lib/results.mjs').Result[]>}
 */
export async function checkApiDocs() {
  const entries = libraryEntries().flatMap((library) => library.entries);
  const tsconfig = join(cacheFolder, 'api-docs.tsconfig.json');
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(tsconfig, JSON.stringify(declarationsProject(entries)));
  const app = await Application.bootstrap({
    name: 'jenkins-aws',
    entryPoints: entries.map(({ types }) => types),
    tsconfig,
    readme: 'none',
    disableSources: true,
    excludePrivate: true,
    excludeExternals: true,
    validation: { invalidLink: true, notExported: false, notDocumented: false, rewrittenLink: false },
    hideGenerator: true,
  });
  const complaints = new Complaints();
  app.logger = complaints;
  // The generator names a module after its file; people import it by its package.
  const modules = (app.getEntryPoints() ?? []).map((module) => {
    const found = entries.find(({ types }) => resolve(module.sourceFile.fileName) === types);
    return { ...module, displayName: `${found?.name}${found?.entry.slice(1)}` };
  });
  const project = app.converter.convert(modules);
  app.validate(project);
  await app.generateDocs(project, OUT);
  const problems = [
    ...complaints.texts,
    ...(modules.length === entries.length ? [] : ['not every entry could be read']),
  ];
  return [
    {
      name: 'API documentation builds',
      status: problems.length === 0 ? 'passed' : 'failed',
      detail: problems.join('\n'),
    },
  ];
}

await runAsProgram(import.meta.url, checkApiDocs);
