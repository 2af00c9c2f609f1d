import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { EmulatorPaths } from '../internal/directories.js';
import { type EmulatorRecord, parseHealth, parseRecord } from '../internal/parse-record.js';

const ANSWER_WITHIN_MS = 5000;

/** Who listens on a port of this machine. */
export type Listener =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'emulator'; readonly record: EmulatorRecord };

/** Sends one request to the emulator's own paths. No proxy, no keep-alive: it must work while AWS variables are set. */
export async function askPath(
  port: number,
  method: 'GET' | 'POST',
  path: string,
  timeoutMs = ANSWER_WITHIN_MS,
): Promise<{ status: number; body: string } | 'refused' | 'silent'> {
  return new Promise((resolve) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, agent: false, timeout: timeoutMs },
      (incoming) => {
        let body = '';
        incoming.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body }));
        incoming.on('error', () => resolve('silent'));
      },
    );
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'silent'),
    );
    outgoing.end();
  });
}

/** Asks whoever listens on `port` who it is. */
export async function askListener(port: number): Promise<Listener> {
  const answer = await askPath(port, 'GET', '/_ministack/health');
  if (answer === 'refused') return { kind: 'nobody' };
  if (answer === 'silent') return { kind: 'foreign' };
  try {
    const record = parseHealth(JSON.parse(answer.body));
    return record === undefined ? { kind: 'foreign' } : { kind: 'emulator', record };
  } catch {
    return { kind: 'foreign' };
  }
}

/** What the last emulator of this state directory wrote of itself, running or not. */
export async function readRecord(paths: EmulatorPaths): Promise<EmulatorRecord | undefined> {
  try {
    return parseRecord(JSON.parse(await readFile(paths.recordFile, 'utf8')));
  } catch {
    return undefined;
  }
}

/** The running emulator of this state directory, asked in person: a record file alone proves nothing. */
export async function findRunning(paths: EmulatorPaths): Promise<EmulatorRecord | undefined> {
  const written = await readRecord(paths);
  if (written === undefined) return undefined;
  const listener = await askListener(written.port);
  if (listener.kind !== 'emulator') return undefined;
  return listener.record.stateDirectory === paths.stateDirectory ? listener.record : undefined;
}
