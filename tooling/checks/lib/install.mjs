import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { discoverPackages, repositoryRoot } from '../../build/discover.mjs';
import { packageManager } from './node-version.mjs';
import { step } from './steps.mjs';

const STAMP = join(repositoryRoot, 'node_modules', '.cache', 'jenkins-aws', 'installed');

/** Programs that want `pnpm` on PATH (turbo, publint, attw) are run by it. `npx` brings it, nothing is global. */
export const pnpm = (...parameters) => /** @type {const} */ (['npx', ['--yes', packageManager, ...parameters]]);

/** Tools that would phone home or ask for an update: not in the middle of somebody's set-up. */
export const quietTools = {
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  NO_UPDATE_NOTIFIER: '1',
  npm_config_update_notifier: 'false',
};

function wanted() {
  const members = discoverPackages(['packages', 'apps', 'tooling', 'examples']);
  const hash = createHash('sha256');
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...members.map(({ folder }) => `${folder}/package.json`),
  ];
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(repositoryRoot, file)))
      .update('\0');
  return { digest: hash.digest('hex'), members };
}

/** Installs exactly what the lockfile says, unless the last install was of the same lockfile and manifests. */
export async function ensureInstalled() {
  const { digest, members } = wanted();
  const complete = members.every(
    ({ path, manifest }) =>
      existsSync(join(path, 'node_modules')) ||
      Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length === 0,
  );
  if (complete && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return;
  const [npx, parameters] = pnpm('install', '--frozen-lockfile', '--prefer-offline');
  // pnpm asks before it replaces a node_modules of other settings; nobody sees the question here.
  await step('Installing dependencies', npx, parameters, {
    env: { ...quietTools, npm_config_confirm_modules_purge: 'false' },
  });
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, digest);
}
