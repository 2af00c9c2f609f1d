import { PlatformError } from '../../errors.js';

export type ConfigFormat = 'yaml' | 'json';

/** Larger files are refused unparsed: no platform needs so much, and a parser's worst case grows with the text. */
export const MAX_CONFIG_BYTES = 256 * 1024;

export function formatOfFile(fileName: string): ConfigFormat {
  if (/\.ya?ml$/i.test(fileName)) return 'yaml';
  if (/\.json$/i.test(fileName)) return 'json';
  throw new PlatformError(
    'PLATFORM_CONFIG_FORMAT',
    `the configuration file's name must end in .yaml, .yml or .json, got '${fileName}'`,
  );
}

export function tooLarge(fileName: string, bytes: number): PlatformError {
  const kib = Math.ceil(bytes / 1024);
  return new PlatformError(
    'PLATFORM_CONFIG_TOO_LARGE',
    `${fileName} must be at most ${MAX_CONFIG_BYTES / 1024} KiB, got ${kib} KiB; it was not parsed`,
  );
}
