import { join } from 'node:path';
import { discoverPackages, repositoryRoot } from '../../build/discover.mjs';

/** What the checks make for themselves; `node_modules` is never committed and `pnpm install` leaves this alone. */
export const cacheFolder = join(repositoryRoot, 'node_modules', '.cache', 'jenkins-aws');

/** A development tool of the repository's root by its binary name, e.g. `biome`. */
export const tool = (name) => join(repositoryRoot, 'node_modules', '.bin', name);

/** The built command line, run as `node cliBinary …`. */
export const cliBinary = join(repositoryRoot, 'apps', 'cli', 'dist', 'bin.js');

/** Everything that goes to the registry: what is not private. */
export const publishable = () => discoverPackages().filter(({ manifest }) => manifest.private !== true);
