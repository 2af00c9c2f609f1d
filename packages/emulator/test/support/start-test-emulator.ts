import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type EmulatorEndpoint, ensureEmulator, stopEmulator } from '../../src/index.js';

/** One Python environment for every suite of the repository. */
export const TEST_CACHE = resolve(import.meta.dirname, '../../../../node_modules/.cache/jenkins-aws-emulator');

export interface TestEmulator extends EmulatorEndpoint {
  readonly location: { readonly cacheDirectory: string; readonly stateDirectory: string };
  /** For any SDK client: `new EC2Client(emulator.client)`. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Starts it again on the same port with the same state, e.g. after a kill. */
  restart(): Promise<TestEmulator>;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A real emulator of its own on a free port; its state lies in a temporary folder that `stop` removes. */
export async function startTestEmulator(): Promise<TestEmulator> {
  const location = {
    cacheDirectory: TEST_CACHE,
    stateDirectory: await mkdtemp(join(tmpdir(), 'jenkins-aws-emulator-')),
  };
  const port = await freePort();
  const start = async (): Promise<TestEmulator> => {
    const endpoint = await ensureEmulator({ ...location, port });
    return {
      ...endpoint,
      location,
      client: {
        endpoint: endpoint.endpoint,
        region: 'eu-central-1',
        credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
      },
      restart: start,
      async stop() {
        await stopEmulator(location);
        await rm(location.stateDirectory, { recursive: true, force: true });
      },
    };
  };
  return start();
}
