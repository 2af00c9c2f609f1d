import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { LockHolder } from '../../src/artifacts.js';
import { holdLock } from '../../src/artifacts.js';
import { holderNamed, startEmulatedBucket } from '../support/emulated-bucket.js';
import { canEmulate } from '../support/emulated-cloud-formation.js';

const packageFolder = join(import.meta.dirname, '..', '..');
const library = join(packageFolder, 'node_modules', '.cache', 'lock-under-test.mjs');
const script = join(import.meta.dirname, '..', 'support', 'hold-lock.mjs');
const leaseMilliseconds = 1_500;
const here = 'this-host';

let emulated: Awaited<ReturnType<typeof startEmulatedBucket>>;
let child: ChildProcess | undefined;
beforeAll(async () => {
  // Bundled from the sources, so that the other process runs what is tested and not an older build.
  const entryPoints = [join(packageFolder, 'src', 'artifacts.ts')];
  await build({ entryPoints, outfile: library, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  emulated = await startEmulatedBucket();
});
afterEach(() => child?.kill('SIGKILL'));
afterAll(async () => {
  await rm(library, { force: true });
  await emulated?.stop();
});

/** A process that holds the lock, and what it says next. */
async function startHolder(bucketName: string) {
  const holder = holderNamed('ana', { host: here, processSpace: 'boot pid:[1]' });
  const input = { library, clientConfig: emulated.clientConfig, bucketName, holder, leaseMilliseconds };
  const holding = spawn(process.execPath, [script, JSON.stringify(input)], {
    cwd: packageFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = holding;
  const says = async () => {
    const [chunk] = await once(holding.stdout, 'data');
    return String(chunk).trim();
  };
  expect(await says()).toBe('held');
  return { holding, says };
}

const claim = (bucketName: string) => ({
  s3: emulated.s3,
  bucketName,
  leaseMilliseconds,
  holder: holderNamed('ben', { host: here, processSpace: 'boot pid:[1]' }),
  now: Date.now,
  isAlive({ processId }: LockHolder) {
    try {
      return process.kill(processId, 0);
    } catch {
      return false;
    }
  },
});

it.skipIf(!canEmulate)('is taken over at once from a process of this host that was killed', async () => {
  const bucketName = await emulated.makeBucket();
  const { holding } = await startHolder(bucketName);
  await expect(holdLock(claim(bucketName))).rejects.toMatchObject({ code: 'DEPLOYMENT_LOCKED' });
  holding.kill('SIGKILL');
  await once(holding, 'exit');
  const began = performance.now();
  const lock = await holdLock(claim(bucketName));
  expect(performance.now() - began).toBeLessThan(leaseMilliseconds / 2);
  await lock.release();
});

it.skipIf(!canEmulate)('fails for a process that was stopped for longer than a lease', async () => {
  const bucketName = await emulated.makeBucket();
  const { holding, says } = await startHolder(bucketName);
  holding.kill('SIGSTOP');
  const lock = await holdLock(claim(bucketName));
  const said = says();
  holding.kill('SIGCONT');
  expect(await said).toBe('DEPLOYMENT_LOCK_LOST');
  expect(lock.lost).toBeUndefined();
  await lock.release();
});

it.skipIf(!canEmulate)('stays with a process that was stopped for a moment while nobody wanted it', async () => {
  const bucketName = await emulated.makeBucket();
  const { holding } = await startHolder(bucketName);
  holding.kill('SIGSTOP');
  await new Promise((done) => setTimeout(done, leaseMilliseconds * 1.5));
  holding.kill('SIGCONT');
  await expect(holdLock(claim(bucketName))).rejects.toMatchObject({ code: 'DEPLOYMENT_LOCKED' });
});
