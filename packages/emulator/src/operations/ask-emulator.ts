import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { EmulatorPaths } from '../internal/directories.js';
import { type EmulatorRecord, parseRecord, parseWrittenRecord, type WrittenRecord } from '../internal/parse-record.js';

const ANSWER_WITHIN_MS = 5000;

/** Who listens on a port of this machine. */
export type Listener =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'foreign' }
  | {
      readonly kind: 'emulator';
      readonly record: EmulatorRecord;
      /** Whether it knows the token that was asked for. */
      readonly proven: boolean;
    };

/** Sends one request to the emulator's own paths. No proxy, no keep-alive: it must work while AWS variables are set. */
export async function askPath(
  port: number,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  { timeoutMs = ANSWER_WITHIN_MS, body: sent = '' }: { timeoutMs?: number; body?: string } = {},
): Promise<{ status: number; body: string } | 'refused' | 'silent'> {
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: false,
        timeout: timeoutMs,
        headers: { 'content-length': Buffer.byteLength(sent) },
      },
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
    outgoing.end(sent);
  });
}

/**
 * Asks whoever listens on `port` who it is. Anybody can claim to be an emulator: one that is given the `token` of a
 * record file has to prove that it knows it. The challenge is new each time, so that an answer once seen proves nothing.
 */
export async function askListener(port: number, token?: string): Promise<Listener> {
  const challenge = randomBytes(16).toString('hex');
  const answer = await askPath(port, 'GET', `/_jenkins-aws/emulator?challenge=${challenge}`);
  if (answer === 'refused') return { kind: 'nobody' };
  if (answer === 'silent') return { kind: 'foreign' };
  try {
    const body = JSON.parse(answer.body);
    const record = parseRecord(body);
    if (record === undefined) return { kind: 'foreign' };
    const said = `${challenge}:${record.pid}:${port}`;
    const proven = token !== undefined && body.proof === createHmac('sha256', token).update(said).digest('hex');
    return { kind: 'emulator', record, proven };
  } catch {
    return { kind: 'foreign' };
  }
}

/** What the last emulator of this state directory wrote of itself, running or not. */
export async function readRecord(paths: EmulatorPaths): Promise<WrittenRecord | undefined> {
  try {
    return parseWrittenRecord(JSON.parse(await readFile(paths.recordFile, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * The running emulator of this state directory, asked in person: a record file alone proves nothing, and neither does
 * an answer alone. What it says of itself is believed only when both agree, for its process may be ended by it.
 */
export async function findRunning(paths: EmulatorPaths): Promise<EmulatorRecord | undefined> {
  const written = await readRecord(paths);
  if (written === undefined) return undefined;
  const listener = await askListener(written.port, written.token);
  if (listener.kind !== 'emulator' || !listener.proven) return undefined;
  const { record } = listener;
  return record.pid === written.pid && record.stateDirectory === paths.stateDirectory ? record : undefined;
}
