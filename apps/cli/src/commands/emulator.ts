import { ensureEmulator, getEmulatorStatus, resetEmulator, stopEmulator } from '@jenkins-aws/emulator';
import { emulatorDirectory } from '../aws/target.js';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';
import { programName } from '../terminal/program-name.js';

type EmulatorContext = CommandContext<CommonOptions & { readonly port?: string }>;

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_535) return port;
  throw new CliError('CLI_USAGE', `--port must be a number from 1024 to 65535, got '${text}'`);
}

async function finish({ output }: EmulatorContext): Promise<void> {
  const status = await getEmulatorStatus({ cacheDirectory: emulatorDirectory() });
  const text =
    status.state === 'running'
      ? `The embedded AWS runs at ${status.endpoint} (process ${status.pid}, since ${status.startedAt}).\n` +
        `For other tools: export AWS_ENDPOINT_URL=${status.endpoint} AWS_ACCESS_KEY_ID=emulator AWS_SECRET_ACCESS_KEY=emulator`
      : `The embedded AWS does not run. Start it with ${programName()} emulator start.`;
  output.result(cliEvents.emulatorFinished(status), text);
}

/** The verbs of `jenkins-aws emulator`. */
export const emulatorCommands = {
  async start(context: EmulatorContext): Promise<void> {
    const { output: reporter, signal, options } = context;
    const port = options.port === undefined ? {} : { port: portOf(options.port) };
    await ensureEmulator({ cacheDirectory: emulatorDirectory(), reporter, signal, ...port });
    await finish(context);
  },
  async stop(context: EmulatorContext): Promise<void> {
    await stopEmulator({ cacheDirectory: emulatorDirectory(), reporter: context.output });
    await finish(context);
  },
  async reset(context: EmulatorContext): Promise<void> {
    await resetEmulator({ cacheDirectory: emulatorDirectory(), reporter: context.output });
    await finish(context);
  },
  status: finish,
};
