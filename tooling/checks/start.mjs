// `npm start`: from a fresh clone to a running CLI. Only Node.js built-ins, for nothing is installed yet.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../build/discover.mjs';
import { ensureInstalled, pnpm, quietTools } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { become } from './lib/process.mjs';
import { step } from './lib/steps.mjs';

requireNode();
const binary = join(repositoryRoot, 'apps', 'cli', 'dist', 'bin.js');
const rehearsal = ['deploy', '--emulator', '--yes', '-c', join('examples', 'quickstart', 'jenkins-aws.config.yaml')];
const parameters = process.argv.slice(2);

try {
  await ensureInstalled();
  const build = ['exec', 'turbo', 'run', 'build', '--filter=jenkins-aws...', '--output-logs=errors-only'];
  await step('Building the command line', ...pnpm(...build), { env: quietTools });
  if (!existsSync(binary)) throw new Error(`the build made no ${binary}`);
  // npm runs this in the repository's root; the paths that a person types are meant from where they are.
  const [words, folder] =
    parameters.length === 0 ? [rehearsal, repositoryRoot] : [parameters, process.env.INIT_CWD ?? repositoryRoot];
  become(process.execPath, [binary, ...words], folder);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
