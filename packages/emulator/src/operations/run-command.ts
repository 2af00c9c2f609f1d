import { spawn } from 'node:child_process';
import { childEnvironment } from '../internal/child-environment.js';

export interface CommandResult {
  /** None when the command could not be started at all. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of the installation to its end. An abort ends its whole process group: what it started must not go on alone.
 *
 * @throws the signal's reason when `signal` aborts.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: childEnvironment('install'),
    });
    let stdout = '';
    let stderr = '';
    const abort = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    };
    options.signal?.addEventListener('abort', abort, { once: true });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', () => resolve({ code: undefined, stdout, stderr }));
    child.on('close', (code) => {
      options.signal?.removeEventListener('abort', abort);
      if (options.signal?.aborted) reject(options.signal.reason);
      else resolve({ code: code ?? 1, stdout, stderr });
    });
  });
}
