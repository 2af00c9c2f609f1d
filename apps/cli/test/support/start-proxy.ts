import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Proxy extends AsyncDisposable {
  readonly endpoint: string;
  /** Calls so far. */
  readonly calls: number;
}

/**
 * What is done before the call of that number is handed on, and again before its answer is: between the two, AWS has
 * done what the command does not know. Nothing goes on before it is done.
 */
export type Moment = (call: number, side: 'before' | 'after', body: string) => Promise<void> | void;

/** Stands between a command and its AWS, and counts. */
export async function startProxy(target: string, moment: Moment = () => {}): Promise<Proxy> {
  const { hostname, port, host } = new URL(target);
  let calls = 0;
  const server = createServer(async (incoming, outgoing) => {
    calls += 1;
    const call = calls;
    const body = await buffer(incoming);
    await moment(call, 'before', body.toString());
    const { method, url: path, headers } = incoming;
    const onward = request({ hostname, port, method, path, headers: { ...headers, host } }, async (answer) => {
      const content = await buffer(answer);
      await moment(call, 'after', body.toString());
      // It is whole now, in one piece.
      const { 'transfer-encoding': _, ...kept } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, kept);
      outgoing.end(content);
    });
    // Whoever asked reads what it would read without us.
    onward.on('error', () => outgoing.destroy());
    incoming.on('error', () => {});
    outgoing.on('error', () => {});
    onward.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get calls() {
      return calls;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
