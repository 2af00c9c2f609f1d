import { rm } from 'node:fs/promises';
import { type Reporter, silentReporter } from '@jenkins-aws/core';
import { EmulatorError } from '../errors.js';
import { emulatorEvents } from '../events.js';
import type { EmulatorLocation } from '../internal/directories.js';
import { askPath, findRunning } from './ask-emulator.js';
import { locate } from './locate.js';

const RESET_WITHIN_MS = 30_000;

/**
 * Deletes everything that is in the emulator, whether it runs or not. A running one goes on, empty.
 *
 * @throws EmulatorError `EMULATOR_RESET_FAILED`.
 */
export async function resetEmulator(
  options: EmulatorLocation & { /** Default: silent. */ readonly reporter?: Reporter },
): Promise<void> {
  const paths = await locate(options);
  const running = await findRunning(paths);
  if (running === undefined) {
    await rm(paths.savedState, { recursive: true, force: true });
  } else {
    const answer = await askPath(running.port, 'POST', '/_ministack/reset', { timeoutMs: RESET_WITHIN_MS });
    if (typeof answer === 'string' || answer.status !== 200) {
      throw new EmulatorError(
        'EMULATOR_RESET_FAILED',
        `the emulator on port ${running.port} did not answer the reset; stop it, then reset it`,
      );
    }
  }
  (options.reporter ?? silentReporter).report(emulatorEvents.reset({ directory: paths.stateDirectory }));
}
