import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

/** The package manager to run, e.g. `pnpm@10.34.9`: what `packageManager` pins, for a mismatch is refused by pnpm. */
export const packageManager = manifest.packageManager;

/**
 * Whether `version` is new enough for `range`. The range is the one form that this repository uses: `>=20.19`.
 *
 * @param {string} version e.g. `20.18.1`
 * @param {string} range
 */
export function satisfiesFloor(version, range) {
  const parts = (text) => text.replace(/^\D+/, '').split('.').map(Number);
  const [have, want] = [parts(version), parts(range)];
  for (let index = 0; index < want.length; index += 1) {
    if ((have[index] || 0) !== want[index]) return (have[index] || 0) > want[index];
  }
  return true;
}

/** Ends the process with one clear line when this Node.js is too old. */
export function requireNode() {
  if (satisfiesFloor(process.versions.node, manifest.engines.node)) return;
  console.error(
    `jenkins-aws needs Node.js ${manifest.engines.node}, but this is ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer one from https://nodejs.org and run the same command again.',
  );
  process.exit(1);
}
