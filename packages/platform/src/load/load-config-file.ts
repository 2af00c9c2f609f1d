import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { PlatformError } from '../errors.js';
import { formatOfFile, MAX_CONFIG_BYTES, tooLarge } from './internal/config-format.js';
import { parseConfig } from './parse-config.js';

export interface LoadConfigFileOptions<Schema extends z.ZodType> {
  /** Names the file in messages as it is given here. */
  readonly path: string;
  readonly schema: Schema;
}

/**
 * Reads one configuration file.
 *
 * @throws PlatformError what {@link parseConfig} throws, `PLATFORM_CONFIG_MISSING` and `PLATFORM_CONFIG_UNREADABLE`.
 */
export async function loadConfigFile<Schema extends z.ZodType>(
  options: LoadConfigFileOptions<Schema>,
): Promise<z.output<Schema>> {
  const { path, schema } = options;
  formatOfFile(path);
  const refuse = (cause: NodeJS.ErrnoException): never => {
    throw cannotOpen(path, cause);
  };
  // The size first: a file that is refused is not even read.
  const stats = await stat(path).catch(refuse);
  if (!stats.isFile()) throw new PlatformError('PLATFORM_CONFIG_UNREADABLE', `${path} must be a file`);
  if (stats.size > MAX_CONFIG_BYTES) throw tooLarge(path, stats.size);
  const bytes = await readFile(path).catch(refuse);
  return parseConfig({ text: decode(path, bytes), fileName: path, schema });
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PlatformError('PLATFORM_CONFIG_UNREADABLE', `${path} must be UTF-8 text; save it as UTF-8`, { cause });
  }
}

function cannotOpen(path: string, cause: NodeJS.ErrnoException): PlatformError {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
    const message = `there is no configuration file ${path}; write one with \`jenkins-aws init\`, or name another one with -c`;
    return new PlatformError('PLATFORM_CONFIG_MISSING', message, { cause });
  }
  return new PlatformError('PLATFORM_CONFIG_UNREADABLE', `${path} cannot be read: ${cause.code ?? cause.message}`, {
    cause,
  });
}
