import { setTimeout as sleep } from 'node:timers/promises';
import { type Reporter, silentReporter } from '@jenkins-aws/core';
import { EmulatorError } from '../errors.js';
import { emulatorEvents } from '../events.js';
import type { EmulatorLocation } from '../internal/directories.js';
import { findRunning } from './ask-emulator.js';
import { locate } from './locate.js';

const END_WITHIN_MS = 10_000;
const KILLED_WITHIN_MS = 5_000;

/**
 * Stops the emulator; what is in it is saved and there again at the next start.
 *
 * @returns whether there was one to stop.
 * @throws EmulatorError `EMULATOR_STOP_FAILED`.
 */
export async function stopEmulator(
  options: EmulatorLocation & { /** Default: silent. */ readonly reporter?: Reporter },
): Promise<{ readonly stopped: boolean }> {
  const running = await findRunning(await locate(options));
  if (running === undefined) return { stopped: false };
  await stopProcess(running.pid);
  (options.reporter ?? silentReporter).report(emulatorEvents.stopped({ pid: running.pid }));
  return { stopped: true };
}

/** Ends a process that has just said itself that it is the emulator: politely, then by force. */
export async function stopProcess(pid: number): Promise<void> {
  signalProcess(pid, 'SIGTERM');
  if (await ends(pid, END_WITHIN_MS)) return;
  signalProcess(pid, 'SIGKILL');
  if (await ends(pid, KILLED_WITHIN_MS)) return;
  throw new EmulatorError('EMULATOR_STOP_FAILED', `the emulator did not stop; end process ${pid} by hand`);
}

function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function ends(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += 50) {
    if (!signalProcess(pid, 0)) return true;
    await sleep(50);
  }
  return false;
}
