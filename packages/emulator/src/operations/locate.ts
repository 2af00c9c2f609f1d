import { realpath } from 'node:fs/promises';
import { type EmulatorLocation, type EmulatorPaths, emulatorPaths } from '../internal/directories.js';

/** The paths of an emulator, links resolved as the emulator itself sees them. A directory that is not there stays as it is. */
export async function locate({
  cacheDirectory,
  stateDirectory = cacheDirectory,
}: EmulatorLocation): Promise<EmulatorPaths> {
  const real = await realpath(stateDirectory).catch(() => stateDirectory);
  return emulatorPaths({ cacheDirectory, stateDirectory: real });
}
