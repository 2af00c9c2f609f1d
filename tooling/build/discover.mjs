import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Every workspace member below `groups`, read from disk so that no list of packages is kept by hand.
 *
 * @param {string[]} groups workspace folders, default the ones that hold shipped code
 * @param {string} root the repository to look at, default this one
 * @returns {{ folder: string, path: string, manifest: Record<string, any> }[]} sorted by folder
 */
export function discoverPackages(groups = ['packages', 'apps'], root = repositoryRoot) {
  return groups
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) =>
      readdirSync(join(root, group), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => ({ folder: `${group}/${entry.name}`, path: join(root, group, entry.name) }))
        .filter(({ path }) => existsSync(join(path, 'package.json')))
        .map((found) => ({ ...found, manifest: JSON.parse(readFileSync(join(found.path, 'package.json'), 'utf8')) }))
        .sort((a, b) => a.folder.localeCompare(b.folder)),
    );
}
