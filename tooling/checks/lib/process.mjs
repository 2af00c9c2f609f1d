import { spawn } from 'node:child_process';
import { repositoryRoot } from '../../build/discover.mjs';

const WINDOWS = process.platform === 'win32';

/**
 * @typedef {{ status: number, stdout: string, stderr: string, output: string, seconds: number }} Ran
 *
 * `status` is -1 when the program could not be started or was ended by a signal. `output` is both streams in order.
 */

/**
 * Runs a program to its end and keeps what it printed.
 *
 * @param {string} command
 * @param {string[]} parameters
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, timeoutSeconds?: number }} [options] cwd: default the repository's root
 * @returns {Promise<Ran>}
 */
export function run(command, parameters, { cwd = repositoryRoot, env = {}, timeoutSeconds } = {}) {
  const started = process.hrtime.bigint();
  return new Promise((resolve) => {
    const child = spawn(command, parameters, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: WINDOWS,
      timeout: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
      killSignal: 'SIGKILL',
    });
    const text = { stdout: '', stderr: '', output: '' };
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8').on('data', (chunk) => {
        text[stream] += chunk;
        text.output += chunk;
      });
    }
    const end = (status) => resolve({ ...text, status, seconds: Number(process.hrtime.bigint() - started) / 1e9 });
    child.on('error', (error) => {
      text.output += `${error.message}\n`;
      end(-1);
    });
    child.on('close', (code, signal) => {
      if (signal !== null) text.output += `ended by ${signal}\n`;
      end(code === null ? -1 : code);
    });
  });
}

/**
 * Runs a program that takes over the terminal, passes signals on to it and ends this process as it ended.
 *
 * @param {string} command
 * @param {string[]} parameters
 */
export function become(command, parameters, cwd = process.cwd()) {
  const child = spawn(command, parameters, { stdio: 'inherit', cwd });
  // A terminal sends Ctrl-C to the whole group: passed on as well, the program would count it twice.
  const forward = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = WINDOWS ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  child.on('error', (error) => {
    console.error(`cannot start ${command}: ${error.message}`);
    process.exit(1);
  });
  child.on('close', (code, signal) => {
    for (const each of signals) process.off(each, forward);
    if (signal !== null) process.kill(process.pid, signal);
    else process.exit(code === null ? 1 : code);
  });
}
