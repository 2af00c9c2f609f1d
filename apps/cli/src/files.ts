import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from './errors.js';

/** Refuses a path where something is that is not what the command puts there: no file of anybody's is lost. */
export async function refuseToOverwrite(
  path: string,
  isEarlier: (content: string) => boolean,
  why: string,
): Promise<void> {
  const existing = await readFile(path, 'utf8').catch(() => '');
  if (existing !== '' && !isEarlier(existing)) throw existsAlready(path, why);
}

export function existsAlready(path: string, why: string): CliError {
  return new CliError('CLI_FILE_EXISTS', `${path} ${why} and is not overwritten; name another place`);
}

/** Writes a file, and the folders above it that are missing. */
export async function writeText(path: string, content: string, mode?: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    if (mode !== undefined) await chmod(path, Number.parseInt(mode, 8));
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

export function unwritable(path: string, cause: unknown): CliError {
  return new CliError('CLI_FILE_UNWRITABLE', `cannot write ${path}: ${(cause as Error).message}`, { cause });
}
