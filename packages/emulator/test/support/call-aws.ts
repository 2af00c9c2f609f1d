import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { lockDigest } from '../../src/internal/directories.js';
import { TEST_CACHE, type TestEmulator } from './start-test-emulator.js';

export interface AwsCall {
  readonly service: string;
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export type AwsAnswer =
  | { readonly answer: Record<string, unknown>; readonly error?: undefined }
  | { readonly answer?: undefined; readonly error: { code: string; message: string; status: number } };

const OVERLAY = resolve(import.meta.dirname, '../../overlay');

/** Runs a script of this folder with the emulator's own Python, which has botocore: JSON in, JSON out. */
export async function runPython<T>(script: string, input: unknown): Promise<T> {
  const python = join(TEST_CACHE, `python-${lockDigest(OVERLAY)}`, 'bin', 'python');
  const child = spawn(python, ['-I', join(import.meta.dirname, script)], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stdin.end(JSON.stringify(input));
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) throw new TypeError(`${script} ended with ${code}`);
  return JSON.parse(output) as T;
}

/** Calls in their order, each by the name of its operation: no client of a service has to be installed for it. */
export async function callAws(emulator: TestEmulator, calls: readonly AwsCall[]): Promise<AwsAnswer[]> {
  return runPython('call_aws.py', { endpoint: emulator.endpoint, calls });
}
