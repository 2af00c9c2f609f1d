// Writes each package's tsconfig references (and the root's) from the workspace dependencies in its manifest.
// `--check` only compares. A reference that is missing shows up as a stale build, so nobody keeps them by hand.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { discoverPackages, repositoryRoot } from './discover.mjs';

const packages = discoverPackages();
const pathByName = new Map(packages.map(({ manifest, path }) => [manifest.name, path]));
const check = process.argv.includes('--check');
let stale = 0;

function put(file, content) {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  const current = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (JSON.stringify(JSON.parse(current || 'null')) === JSON.stringify(content)) return;
  if (check) {
    console.error(`${relative(repositoryRoot, file)} is stale: run node tooling/build/sync-tsconfig.mjs`);
    stale += 1;
    return;
  }
  writeFileSync(file, text);
}

for (const { path, manifest } of packages) {
  const references = Object.keys(manifest.dependencies ?? {})
    .filter((name) => pathByName.has(name))
    .map((name) => ({ path: relative(path, pathByName.get(name)) }));
  put(join(path, 'tsconfig.json'), {
    extends: relative(path, join(repositoryRoot, 'tsconfig.base.json')),
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src'],
    references,
  });
}
put(join(repositoryRoot, 'tsconfig.json'), {
  files: [],
  references: packages.map(({ folder }) => ({ path: folder })),
});
process.exitCode = stale > 0 ? 1 : 0;
