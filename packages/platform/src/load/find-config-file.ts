import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../errors.js';

/** What a configuration file is called, in the order in which they are looked for. */
export const CONFIG_FILE_NAMES = [
  'jenkins-aws.config.yaml',
  'jenkins-aws.config.yml',
  'jenkins-aws.config.json',
] as const;

/**
 * The path of the one configuration file in a folder, or undefined.
 *
 * @throws PlatformError `PLATFORM_CONFIG_AMBIGUOUS` when there are several.
 */
export async function findConfigFile(directory: string): Promise<string | undefined> {
  const present: string[] = [];
  for (const name of CONFIG_FILE_NAMES) {
    const isThere = await stat(join(directory, name)).then(
      () => true,
      () => false,
    );
    if (isThere) present.push(name);
  }
  if (present.length > 1) {
    throw new PlatformError(
      'PLATFORM_CONFIG_AMBIGUOUS',
      `${directory} must have one configuration file, got ${present.join(' and ')}; remove one, or name one with -c`,
    );
  }
  return present[0] === undefined ? undefined : join(directory, present[0]);
}
