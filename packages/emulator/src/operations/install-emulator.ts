import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reporter } from '@jenkins-aws/core';
import { installFailed } from '../errors.js';
import { emulatorEvents } from '../events.js';
import { lockDigest } from '../internal/directories.js';
import { findPython } from './find-python.js';
import { runCommand } from './run-command.js';

/**
 * The Python of the private environment, made when it is not there yet. `install.py` holds a kernel lock while it
 * works, so that several callers make it once and a killed one leaves no lock behind; its marker is written last.
 *
 * @throws EmulatorError `EMULATOR_PYTHON_MISSING` or `EMULATOR_INSTALL_FAILED`.
 */
export async function installEmulator(options: {
  readonly cacheDirectory: string;
  readonly overlay: string;
  readonly pythonCommands: readonly string[];
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}): Promise<string> {
  const { cacheDirectory, overlay, reporter, signal } = options;
  const digest = lockDigest(overlay);
  const directory = join(cacheDirectory, `python-${digest}`);
  const python = join(directory, 'bin', 'python');
  // The interpreter is a link to the system's: it dangles when that one was removed, and is made again.
  if (existsSync(join(directory, 'complete')) && existsSync(python)) return python;

  const base = await findPython(options.pythonCommands, reporter, signal);
  await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
  reporter.report(emulatorEvents.installing({ directory }));
  const begun = performance.now();
  const script = join(overlay, 'install.py');
  const result = await runCommand(base, ['-I', script, directory, join(overlay, 'requirements.lock')], { signal });
  if (result.code !== 0) throw installFailed(lastLine(result.stderr) || lastLine(result.stdout) || 'no reason given');
  reporter.report(emulatorEvents.installed({ seconds: (performance.now() - begun) / 1000 }));
  return python;
}

function lastLine(text: string): string {
  const lines = text.trim().split('\n');
  return (lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').trim().replace(/^ERROR: /, '');
}
