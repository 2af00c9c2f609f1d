#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { createProgram } from './program.js';

// Whoever reads has enough, as `head` does: no reason to fail.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const program = createProgram(version);

// The SDK announces the end of Node 20 at every start; which Node we support, and until when, is our own decision.
const { emitWarning } = process;
process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
  if (!String(warning).includes('NodeVersionSupportWarning')) emitWarning(warning, ...rest);
}) as typeof process.emitWarning;

// Only the shell's completion pays for the completion.
if (process.argv[2] === 'complete') {
  const { default: addCompletion } = await import('@bomb.sh/tab/commander');
  addCompletion(program);
}

const json = process.argv.includes('--json');
for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
  command.exitOverride();
  if (json) command.configureOutput({ outputError() {} });
}
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version end so, too, with 0; everything else that commander refuses is bad input.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
  if (json && error.exitCode !== 0) {
    const message = error.message.replace(/^error: /, '');
    process.stdout.write(`${JSON.stringify({ code: 'CLI_USAGE', level: 'error', message, data: { problems: [] } })}\n`);
  }
}
