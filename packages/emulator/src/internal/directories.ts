import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface EmulatorLocation {
  /** Where the private Python environment lies, absolute. Shared by every project on the machine. */
  readonly cacheDirectory: string;
  /** Where one emulator's state, log and process record lie, absolute. One emulator a directory. Default: `cacheDirectory`. */
  readonly stateDirectory?: string;
}

export interface EmulatorPaths {
  readonly cacheDirectory: string;
  readonly stateDirectory: string;
  /** What the running emulator says of itself. */
  readonly recordFile: string;
  readonly logFile: string;
  /** The saved AWS state; removing it is a reset. */
  readonly savedState: string;
}

export function emulatorPaths({ cacheDirectory, stateDirectory = cacheDirectory }: EmulatorLocation): EmulatorPaths {
  return {
    cacheDirectory,
    stateDirectory,
    recordFile: join(stateDirectory, 'emulator.json'),
    logFile: join(stateDirectory, 'emulator.log'),
    savedState: join(stateDirectory, 'state'),
  };
}

/** The folder of Python files: `dist/overlay` in a package, `overlay` beside `src` in the repository. */
export function overlayDirectory(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [join(here, 'overlay'), join(here, '..', '..', 'overlay')];
  return candidates.find((candidate) => existsSync(join(candidate, 'requirements.lock'))) ?? join(here, 'overlay');
}

/** Identifies what would run: a running emulator of another digest is outdated. */
export function overlayDigest(directory: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(directory).sort()) {
    if (name.endsWith('.py') || name === 'requirements.lock') {
      hash
        .update(`${name}\0`)
        .update(readFileSync(join(directory, name)))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Identifies the Python environment: only the locked packages decide. */
export function lockDigest(directory: string): string {
  return createHash('sha256')
    .update(readFileSync(join(directory, 'requirements.lock')))
    .digest('hex')
    .slice(0, 16);
}
