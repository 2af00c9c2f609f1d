import type { JenkinsAwsEvent, Problem } from '@jenkins-aws/core';
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { CliError } from '../errors.js';
import { describeError } from './describe-error.js';
import type { Output } from './output.js';

export interface TextOutputOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Whether somebody is there to read a moving line and to answer. */
  readonly interactive: boolean;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Events that come by the hundred: on a terminal they move in one line, and only a pipe keeps them all. */
const MOVING = new Set(['deployment.resource.changed', 'master.controller.waiting']);

const paint: Record<JenkinsAwsEvent['level'], (text: string) => string> = {
  debug: pc.dim,
  info: (text) => text,
  warning: pc.yellow,
  error: pc.red,
};

/** Several problems one a line, where the message has them all in one. */
function itemized(message: string, problems: readonly Problem[]): string {
  const joined = problems.map((problem) => problem.message).join(' · ');
  if (problems.length < 2 || !message.endsWith(joined)) return message;
  const lines = problems.map((problem) => `  - ${problem.message}`);
  return [message.slice(0, -joined.length).trim(), ...lines].join('\n');
}

/** For people: progress on stderr, results on stdout. A moving line on a terminal, plain lines in a pipe. */
export function createTextOutput({ stdout, stderr, interactive }: TextOutputOptions): Output {
  const live = interactive ? createLogUpdate(stderr) : undefined;
  const began = performance.now();
  let current = '';
  let frame = 0;
  const draw = () => {
    if (current === '' || live === undefined) return;
    frame = (frame + 1) % FRAMES.length;
    const seconds = Math.round((performance.now() - began) / 1000);
    live(`${pc.cyan(FRAMES[frame] ?? '')} ${current.slice(0, (stderr.columns ?? 80) - 12)} ${pc.dim(`${seconds} s`)}`);
  };
  const timer = live === undefined ? undefined : setInterval(draw, 100);
  timer?.unref();
  const clear = () => {
    current = '';
    live?.clear();
  };
  const print = (text: string) => {
    clear();
    stdout.write(`${text}\n`);
  };
  return {
    print,
    report({ code, level, message }) {
      if (level === 'debug') return;
      if (live !== undefined && MOVING.has(code)) {
        current = message;
        draw();
        return;
      }
      clear();
      stderr.write(`${paint[level](message)}\n`);
    },
    result(_event, text) {
      print(text);
    },
    fail(error) {
      const { code, message, hint, problems } = describeError(error);
      clear();
      stderr.write(`${pc.red(pc.bold(code))} ${itemized(message, problems)}\n`);
      if (hint !== undefined) stderr.write(`  ${hint}\n`);
    },
    async confirm(question) {
      clear();
      if (!interactive) {
        throw new CliError(
          'CLI_CONFIRMATION_NEEDED',
          `'${question}' needs an answer and this is no terminal; add --yes`,
        );
      }
      const { confirm } = await import('@clack/prompts');
      const answer = await confirm({ message: question, initialValue: false, output: stderr });
      if (answer !== true) throw new CliError('CLI_DECLINED', 'nothing was done');
    },
    close() {
      clearInterval(timer);
      live?.clear();
    },
  };
}
