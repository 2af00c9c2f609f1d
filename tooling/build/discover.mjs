import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Every workspace member below `folders`, read from disk so that no list of packages is kept by hand.
 *
 * @param {string[]} folders workspace folders, default the ones that hold shipped code
 * @returns {{ folder: string, path: string, manifest: Record<string, any> }[]} sorted by folder
 */
export function discoverPackages(folders = ['packages', 'apps']) {
  return folders.flatMap((group) =>
    readdirSync(join(repositoryRoot, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => ({ folder: `${group}/${entry.name}`, path: join(repositoryRoot, group, entry.name) }))
      .filter(({ path }) => existsSync(join(path, 'package.json')))
      .map((found) => ({ ...found, manifest: JSON.parse(readFileSync(join(found.path, 'package.json'), 'utf8')) }))
      .sort((a, b) => a.folder.localeCompare(b.folder)),
  );
}
