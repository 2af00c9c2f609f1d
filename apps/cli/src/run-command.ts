import { setMaxListeners } from 'node:events';
import type { CommandContext, CommonOptions } from './command-context.js';
import { exitCodeOf } from './errors.js';
import { cliEvents } from './events.js';
import { createJsonOutput } from './terminal/json-output.js';
import type { Output } from './terminal/output.js';
import { resumeCommand } from './terminal/program-name.js';

async function createOutput(json: boolean): Promise<Output> {
  if (json) return createJsonOutput((text) => process.stdout.write(text));
  const { createTextOutput } = await import('./terminal/text-output.js');
  const interactive = Boolean(process.stderr.isTTY && process.stdin.isTTY && !process.env.CI);
  return createTextOutput({ stdout: process.stdout, stderr: process.stderr, interactive });
}

export interface RunCommandOptions {
  /** Whether the command has steps that go on in AWS: the first Ctrl-C then lets the running one end. Default: no. */
  readonly endsStep?: boolean;
}

/**
 * Runs one command: gives it an output and signals, turns what it throws into one message and an exit code. Ctrl-C
 * once ends the command in good order, twice ends it now.
 */
export async function runCommand<Options extends CommonOptions>(
  options: Options,
  command: (context: CommandContext<Options>) => Promise<void>,
  { endsStep = false }: RunCommandOptions = {},
): Promise<void> {
  const output = await createOutput(options.json ?? false);
  const now = new AbortController();
  const afterStep = new AbortController();
  // Many calls at once listen to them, and that is no leak.
  setMaxListeners(0, now.signal, afterStep.signal);
  const interrupt = () => {
    if (afterStep.signal.aborted) {
      if (endsStep) output.report(cliEvents.left({ command: resumeCommand() }));
      output.close();
      process.exit(130);
    }
    afterStep.abort();
    if (endsStep) output.report(cliEvents.stopping({ command: resumeCommand() }));
    else now.abort();
  };
  // A pipeline that is cancelled sends SIGTERM.
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    await command({ options, output, signal: now.signal, stopSignal: afterStep.signal });
  } catch (error) {
    output.fail(error);
    process.exitCode = exitCodeOf(error);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    output.close();
  }
}
