import { createHash } from 'node:crypto';
import type { Problem } from '@jenkins-aws/core';
import { type Zippable, zipSync } from 'fflate';
import { throwProblems } from '../internal/throw-problems.js';

/** A file of a bundle. */
export interface BundleFile {
  /** Inside of the archive, with slashes, e.g. `casc/jenkins.yaml`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Unix permissions. Default: 0o644. */
  readonly mode?: number;
}

export interface Bundle {
  /** A zip archive. */
  readonly body: Uint8Array;
  /** Hex. */
  readonly sha256: string;
}

const UNIX = 3;
const REGULAR_FILE = 0o100000;

/**
 * A zip archive that has the same bytes whenever its files have the same paths, contents and modes: sorted, without
 * dates, and not compressed, because compressors of different versions write different bytes. Lambda, CodeDeploy,
 * `unzip` and Python read it.
 *
 * @throws DeploymentError `DEPLOYMENT_BUNDLE_INVALID` with every path that is absolute, leaves the archive, is named
 *   twice or is also a folder
 */
export function bundleFiles(files: readonly BundleFile[]): Bundle {
  throwProblems(findProblems(files));
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  // The first day that a zip archive can name. Archives hold local times, so this is the same in every time zone.
  const mtime = new Date(1980, 0, 1);
  const entries: Zippable = {};
  for (const { path, content, mode = 0o644 } of sorted) {
    const attributes = ((REGULAR_FILE | mode) << 16) >>> 0;
    entries[path] = [Buffer.from(content), { level: 0, mtime, os: UNIX, attrs: attributes }];
  }
  const body = zipSync(entries);
  return { body, sha256: createHash('sha256').update(body).digest('hex') };
}

function findProblems(files: readonly BundleFile[]): readonly Problem[] {
  const paths = new Set(files.map(({ path }) => path));
  const seen = new Set<string>();
  return files.flatMap(({ path }, index) => {
    const why = reasonAgainst(path, paths, seen.has(path));
    seen.add(path);
    if (why === undefined) return [];
    const message = `the path of a bundle's file ${why}, got '${path}'`;
    return [{ code: 'DEPLOYMENT_BUNDLE_INVALID', message, path: [index, 'path'] }];
  });
}

function reasonAgainst(path: string, paths: ReadonlySet<string>, seen: boolean): string | undefined {
  const segments = path.split('/');
  if (seen) return 'must be named once';
  if (path.includes('\\')) return 'must have slashes, not backslashes';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f]/.test(path)) return 'must not hold control characters';
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return 'must be relative and stay inside of the archive, such as casc/jenkins.yaml';
  }
  const parents = segments.slice(1).map((_, depth) => segments.slice(0, depth + 1).join('/'));
  return parents.some((parent) => paths.has(parent)) ? 'must not lie in a folder that is a file too' : undefined;
}
