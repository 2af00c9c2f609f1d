import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../../build/discover.mjs';

/**
 * The version of every package that the lockfile has in exactly one version: what an install elsewhere is pinned to,
 * so that it does not change because the registry moved.
 *
 * @returns {Record<string, string>}
 */
export function lockedVersions() {
  const { packages } = parse(readFileSync(join(repositoryRoot, 'pnpm-lock.yaml'), 'utf8'));
  const versions = new Map();
  for (const key of Object.keys(packages)) {
    const at = key.lastIndexOf('@');
    const name = key.slice(0, at);
    versions.set(name, [...(versions.get(name) ?? []), key.slice(at + 1)]);
  }
  return Object.fromEntries(
    [...versions].filter(([, all]) => all.length === 1).map(([name, [version]]) => [name, version]),
  );
}
