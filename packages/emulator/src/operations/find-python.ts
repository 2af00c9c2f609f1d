import type { Reporter } from '@jenkins-aws/core';
import { pythonMissing } from '../errors.js';
import { emulatorEvents } from '../events.js';
import { judgePython, PYTHON_PROBE } from '../internal/python-version.js';
import { runCommand } from './run-command.js';

/**
 * The first of `commands` that is a Python which can run the emulator.
 *
 * @throws EmulatorError `EMULATOR_PYTHON_MISSING` with what each command is instead.
 */
export async function findPython(
  commands: readonly string[],
  reporter: Reporter,
  signal?: AbortSignal,
): Promise<string> {
  const tried: string[] = [];
  for (const command of commands) {
    const { code, stdout } = await runCommand(command, ['-c', PYTHON_PROBE], { signal });
    if (code === undefined) {
      tried.push(`${command} is not there`);
      continue;
    }
    const verdict = judgePython(stdout);
    if (verdict.usable) {
      reporter.report(emulatorEvents.pythonFound({ command, version: verdict.version }));
      return command;
    }
    tried.push(`${command} ${verdict.reason}`);
  }
  throw pythonMissing(tried);
}
