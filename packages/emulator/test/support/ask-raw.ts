import { type OutgoingHttpHeaders, request } from 'node:http';

export interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request with exactly these headers: SDK clients and `fetch` choose some of their own. */
export async function askRaw(
  port: number,
  options: { method?: string; path?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Promise<RawAnswer> {
  const { method = 'GET', path = '/_ministack/health', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode, headers: incoming.headers, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** An unsigned call of a service; the emulator reads the service from the credential's scope. */
export function signedFor(service: string): { authorization: string } {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=emulator/20260101/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  };
}
