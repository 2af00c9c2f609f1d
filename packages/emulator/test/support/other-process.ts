import { spawn } from 'node:child_process';
import { appendFile, cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { EmulatorEndpoint, EnsureEmulatorOptions } from '../../src/index.js';

const PACKAGE = resolve(import.meta.dirname, '../..');

/** A copy of this package that plain Node runs; `changed` makes it another version of it. */
export async function copyPackage({ changed = false } = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'jenkins-aws-emulator-copy-'));
  await build({
    entryPoints: [join(PACKAGE, 'src/index.ts')],
    outfile: join(directory, 'index.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  await cp(join(PACKAGE, 'overlay'), join(directory, 'overlay'), { recursive: true });
  if (changed) await appendFile(join(directory, 'overlay', 'alarms.py'), '# changed\n');
  await writeFile(
    join(directory, 'ensure.mjs'),
    [
      "import { ensureEmulator } from './index.mjs';",
      'const events = [];',
      'const reporter = { report: (event) => events.push(event.code) };',
      'const options = JSON.parse(process.argv[2]);',
      'console.log(JSON.stringify({ ...(await ensureEmulator({ ...options, reporter })), events }));',
    ].join('\n'),
  );
  return directory;
}

/** Runs `ensureEmulator` in a process of its own. */
export async function ensureInOtherProcess(
  copy: string,
  options: EnsureEmulatorOptions,
): Promise<EmulatorEndpoint & { events: string[] }> {
  const child = spawn(process.execPath, [join(copy, 'ensure.mjs'), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) throw new TypeError(errors);
  return JSON.parse(output);
}
