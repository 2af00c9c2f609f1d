import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, publishable } from './folders.mjs';
import { pnpm, quietTools } from './install.mjs';
import { run } from './process.mjs';

/** @type {Promise<Map<string, string>> | undefined} */
let packed;

/**
 * Packs every publishable package once, as it would go to the registry.
 *
 * @returns {Promise<Map<string, string>>} the tarball's path by package name
 */
export function tarballs() {
  packed ??= packAll();
  return packed;
}

async function packAll() {
  const folder = join(cacheFolder, 'tarballs');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const members = publishable();
  const filters = members.map(({ manifest }) => `--filter=${manifest.name}`);
  const [npx, parameters] = pnpm('-r', ...filters, 'pack', '--pack-destination', folder);
  const { status, output } = await run(npx, parameters, { env: quietTools });
  if (status !== 0) throw new Error(`pnpm pack failed:\n${output}`);
  return new Map(
    members.map(({ manifest: { name, version } }) => [
      name,
      join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`),
    ]),
  );
}
