import { existsSync } from 'node:fs';
import { cliBinary } from '../lib/folders.mjs';
import { run } from '../lib/process.mjs';
import { GENERATED } from './built.mjs';

/** A fixed width, no colours, and nothing of the machine, so that the page is the same everywhere. */
const PLAIN = { COLUMNS: '80', HOME: '/home/you', CI: undefined };

async function help(command) {
  const { status, stdout, output } = await run(process.execPath, [cliBinary, ...command, '--help'], { env: PLAIN });
  if (status !== 0) throw new Error(`jenkins-aws ${command.join(' ')} --help ended with ${status}:\n${output}`);
  return stdout.trimEnd();
}

/** The names below `Commands:` in a help text. */
export function subcommandsOf(text) {
  const block = /^Commands:\n((?: .*\n?)*)/m.exec(`${text}\n`)?.[1] ?? '';
  return [...block.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name).filter((name) => name !== 'help');
}

async function sections(command) {
  const text = await help(command);
  const heading = `${'#'.repeat(Math.min(command.length + 1, 3))} jenkins-aws${command.map((word) => ` ${word}`).join('')}`;
  const below = [];
  for (const name of subcommandsOf(text)) below.push(...(await sections([...command, name])));
  return [`${heading}\n\n\`\`\`text\n${text}\n\`\`\``, ...below];
}

/** The command line's help, command by command. */
export async function renderCli() {
  if (!existsSync(cliBinary)) throw new Error('apps/cli is not built: run pnpm build');
  return { 'docs/reference/cli.md': `${[GENERATED, ...(await sections([]))].join('\n\n')}\n` };
}
