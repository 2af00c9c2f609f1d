import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON lines of stdout. */
  readonly events: { code: string; level: string; message: string; data: Record<string, unknown> }[];
}

export interface RunCliOptions {
  readonly cwd?: string;
  /** On top of a bare environment: no credentials, no region, no home of the person who tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Is told everything that the process has said so far, each time that it says something, and at first nothing. */
  readonly watch?: (said: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the built CLI as a process, as a person or a pipeline does. */
export async function runCli(args: readonly string[], options: RunCliOptions = {}): Promise<CliRun> {
  const { cwd = tmpdir(), env = {}, watch } = options;
  const bare = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' };
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...bare, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const look = () => watch?.(output.stdout + output.stderr, (signal) => child.kill(signal));
  look();
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
    look();
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
    look();
  });
  const [code] = await once(child, 'close');
  const events = output.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  return { code, ...output, events };
}

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes a file into it and returns its path. */
  put(name: string, content: string): Promise<string>;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'jenkins-aws-cli-'));
  return {
    path,
    async put(name, content) {
      await writeFile(join(path, name), content);
      return join(path, name);
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
