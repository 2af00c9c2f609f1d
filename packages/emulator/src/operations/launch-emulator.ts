import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmulatorError, portTaken } from '../errors.js';
import { childEnvironment } from '../internal/child-environment.js';
import type { EmulatorPaths } from '../internal/directories.js';
import type { EmulatorRecord } from '../internal/parse-record.js';
import { findRunning } from './ask-emulator.js';

/** The account that everything in the emulator belongs to. */
const ACCOUNT_ID = '123456789012';
/** Exit codes of `emulator.py`. */
const EXIT_ALREADY_RUNNING = 75;
const EXIT_PORT_TAKEN = 76;
const READY_WITHIN_MS = 60_000;
const POLL_EVERY_MS = 50;

/**
 * Starts the emulator as a process of its own and waits until it answers. Who loses the race for the directory's
 * kernel lock waits for the winner instead.
 */
export async function launchEmulator(options: {
  readonly python: string;
  readonly overlay: string;
  readonly digest: string;
  readonly paths: EmulatorPaths;
  readonly port: number;
  readonly signal?: AbortSignal | undefined;
}): Promise<{ record: EmulatorRecord; started: boolean }> {
  const { python, overlay, digest, paths, port, signal } = options;
  const log = await open(paths.logFile, 'a', 0o600);
  const child = spawn(
    python,
    ['-I', join(overlay, 'emulator.py'), paths.stateDirectory, String(port), ACCOUNT_ID, digest],
    { detached: true, stdio: ['ignore', log.fd, log.fd], cwd: paths.stateDirectory, env: childEnvironment('run') },
  );
  let exitCode: number | undefined;
  child.on('exit', (code) => {
    exitCode = code ?? 1;
  });
  child.on('error', () => {
    exitCode = 1;
  });
  child.unref();
  await log.close();

  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    if (signal?.aborted) {
      if (exitCode === undefined) child.kill('SIGTERM');
      signal.throwIfAborted();
    }
    if (exitCode === EXIT_PORT_TAKEN) throw portTaken(port, 'another program');
    if (exitCode !== undefined && exitCode !== EXIT_ALREADY_RUNNING) break;
    const record = await findRunning(paths);
    if (record !== undefined) return { record, started: record.pid === child.pid };
    await sleep(POLL_EVERY_MS);
  }
  if (exitCode === undefined) child.kill('SIGKILL');
  throw new EmulatorError(
    'EMULATOR_START_FAILED',
    `the emulator on port ${port} did not become ready: ${await lastLogLine(paths.logFile)}; its log is ${paths.logFile}`,
  );
}

async function lastLogLine(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).trim().split('\n');
  return lines.at(-1) || 'it said nothing';
}
