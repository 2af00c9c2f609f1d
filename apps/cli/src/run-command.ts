import type { CommandContext, CommonOptions } from './command-context.js';
import { exitCodeOf } from './errors.js';
import { createJsonOutput } from './terminal/json-output.js';
import type { Output } from './terminal/output.js';

async function createOutput(json: boolean): Promise<Output> {
  if (json) return createJsonOutput((text) => process.stdout.write(text));
  const { createTextOutput } = await import('./terminal/text-output.js');
  const interactive = Boolean(process.stderr.isTTY && process.stdin.isTTY && !process.env.CI);
  return createTextOutput({ stdout: process.stdout, stderr: process.stderr, interactive });
}

/**
 * Runs one command: gives it an output and a signal, turns what it throws into one message and an exit code. Ctrl-C
 * once ends the command in good order, twice ends it now.
 */
export async function runCommand<Options extends CommonOptions>(
  options: Options,
  command: (context: CommandContext<Options>) => Promise<void>,
): Promise<void> {
  const output = await createOutput(options.json ?? false);
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  // A pipeline that is cancelled sends SIGTERM.
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    await command({ options, output, signal: controller.signal });
  } catch (error) {
    output.fail(error);
    process.exitCode = exitCodeOf(error);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    output.close();
  }
}
