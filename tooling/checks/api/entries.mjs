import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { discoverPackages, repositoryRoot } from '../../build/discover.mjs';

/**
 * @typedef {{ name: string, entry: string, types: string }} Entry
 * `name` is the package, `entry` is `.`, `./cdk` or `./template`, `types` the built declarations.
 */

/**
 * What each library lets others import.
 *
 * @returns {{ folder: string, path: string, name: string, entries: Entry[] }[]}
 */
export function libraryEntries() {
  return discoverPackages(['packages']).map(({ folder, path, manifest: { name, exports } }) => ({
    folder,
    path,
    name,
    entries: Object.entries(exports).map(([entry, { types }]) => {
      const file = join(path, types);
      if (!existsSync(file)) throw new Error(`${folder}/${types} is not there: run pnpm build`);
      return { name, entry, types: file };
    }),
  }));
}

/**
 * A TypeScript project of those declarations for tools that bring a compiler of their own: they read what
 * `tsc --build` wrote, and need not follow the language of the sources.
 *
 * @param {Entry[]} entries
 */
export const declarationsProject = (entries) => ({
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(repositoryRoot, 'node_modules', '@types')],
  },
  files: entries.map(({ types }) => types),
});
