import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clearFaults, getFaults, setFaults } from '@jenkins-aws/emulator';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LockHolder } from '../../src/artifacts.js';
import { type HoldLockOptions, holdLock, listArtifacts, readLock, uploadArtifact } from '../../src/artifacts.js';
import { ensureUnlocked } from '../../src/operations/watch-lock.js';
import { holderNamed, rememberEvents, startEmulatedBucket, watchCalls } from '../support/emulated-bucket.js';
import { canEmulate } from '../support/emulated-cloud-formation.js';

const leaseMilliseconds = 1_500;
const LOCK = 'deployment-lock.json';

describe.skipIf(!canEmulate)('the lock of a deployment', () => {
  let emulated: Awaited<ReturnType<typeof startEmulatedBucket>>;
  beforeAll(async () => {
    emulated = await startEmulatedBucket();
  });
  afterAll(() => emulated?.stop());

  const claim = (bucketName: string, name: string, overrides: Partial<HoldLockOptions> = {}): HoldLockOptions => ({
    s3: emulated.s3,
    bucketName,
    holder: holderNamed(name),
    now: Date.now,
    leaseMilliseconds,
    ...overrides,
  });

  it('is held, told and given back', async () => {
    const bucketName = await emulated.makeBucket();
    const lock = await holdLock(claim(bucketName, 'ana'));
    expect(await readLock({ s3: emulated.s3, bucketName })).toEqual(holderNamed('ana'));
    await lock.confirm();
    await lock.release();
    await lock.release();
    expect(await readLock({ s3: emulated.s3, bucketName })).toBeUndefined();
    await ensureUnlocked(claim(bucketName, 'ben'));
  });

  it('fails for the second of two with who holds it, since when, for what, and the way out', async () => {
    const bucketName = await emulated.makeBucket();
    const ana = await holdLock(claim(bucketName, 'ana'));
    const error = await holdLock(claim(bucketName, 'ben')).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'DEPLOYMENT_LOCKED',
      message:
        'the deployment is locked by user/ana on host-of-ana (process 4121), since 2026-11-24T14:00:00Z, doing: deploy for ana: run again when that has finished',
    });
    expect(error.hint).toContain(`s3://${bucketName}/${LOCK}`);
    expect(error.hint).toContain('1.5 seconds');
    await expect(ensureUnlocked(claim(bucketName, 'ben'))).rejects.toMatchObject({ code: 'DEPLOYMENT_LOCKED' });
    await ana.release();
  });

  it('is held by one at a time, however many want it at once', async () => {
    const bucketName = await emulated.makeBucket();
    const names = Array.from({ length: 8 }, (_, index) => `person-${index}`);
    const results = await Promise.allSettled(names.map((name) => holdLock(claim(bucketName, name))));
    const held = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(held).toHaveLength(1);
    await held[0]?.release();
  });

  it('is taken over after one lease when its holder gives no sign of life, and says so', async () => {
    const bucketName = await emulated.makeBucket();
    await abandonLock(bucketName);
    const { reporter, events } = rememberEvents();
    const began = performance.now();
    const lock = await holdLock(claim(bucketName, 'ben', { reporter }));
    expect(performance.now() - began).toBeGreaterThanOrEqual(leaseMilliseconds);
    expect(events.map(({ code }) => code)).toEqual(['deployment.lock.watched', 'deployment.lock.taken-over']);
    expect(events[1]?.message).toContain('user/gone on host-of-gone (process 4121)');
    await lock.release();
  });

  it('is taken over at once when its process on this host is gone, and only then', async () => {
    const bucketName = await emulated.makeBucket();
    const here = { host: 'host-of-gone', processSpace: 'boot-1 pid:[1]' };
    const isAlive = ({ processId }: LockHolder) => processId !== 4121;
    const waitsFor = async (former: Partial<LockHolder>, own: Partial<LockHolder>) => {
      await abandonLock(bucketName, former);
      const began = performance.now();
      await (await holdLock(claim(bucketName, 'ben', { holder: holderNamed('ben', own), isAlive }))).release();
      return performance.now() - began;
    };
    expect(await waitsFor(here, here)).toBeLessThan(leaseMilliseconds);
    const elsewhere = [
      { ...here, processSpace: 'boot-2 pid:[1]' },
      { ...here, processSpace: 'boot-1 pid:[2]' },
      { host: here.host },
      { ...here, host: 'copy' },
    ];
    for (const own of elsewhere) {
      expect(await waitsFor(here, own), JSON.stringify(own)).toBeGreaterThanOrEqual(leaseMilliseconds);
    }
    expect(await waitsFor({ host: here.host }, { host: here.host })).toBeGreaterThanOrEqual(leaseMilliseconds);
  });

  it('fails at once for the second of two machines with one name, whose process ids say nothing of each other', async () => {
    const bucketName = await emulated.makeBucket();
    const named = (processSpace: string) => ({ host: 'build', processId: 17, processSpace });
    const ana = await holdLock(claim(bucketName, 'ana', { holder: holderNamed('ana', named('boot-1 pid:[1]')) }));
    const ben = claim(bucketName, 'ben', { holder: holderNamed('ben', named('boot-2 pid:[1]')), isAlive: () => false });
    await expect(holdLock(ben)).rejects.toMatchObject({ code: 'DEPLOYMENT_LOCKED' });
    expect(ana.lost).toBeUndefined();
    await ana.release();
  });

  it('is confirmed by a renewal before a step, unless the last one is a moment old', async () => {
    const bucketName = await emulated.makeBucket();
    const watched = watchCalls(emulated.s3);
    const lock = await holdLock(claim(bucketName, 'ana', { s3: watched.s3, leaseMilliseconds: 60_000 }));
    await lock.confirm();
    expect(watched.count('PutObject')).toBe(1);
    await lock.release();
    let later = 0;
    const now = () => Date.now() + later;
    const old = await holdLock(claim(bucketName, 'ana', { s3: watched.s3, now, leaseMilliseconds: 60_000 }));
    later += 7_000;
    await old.confirm();
    expect(watched.count('PutObject')).toBe(3);
    const Body = JSON.stringify({ id: 'other', ...holderNamed('ben') });
    await emulated.s3.send(new PutObjectCommand({ Bucket: bucketName, Key: LOCK, Body }));
    later += 7_000;
    await expect(old.confirm()).rejects.toMatchObject({ code: 'DEPLOYMENT_LOCK_LOST' });
    await old.release();
  });

  it('is taken over by one of several who wait for a dead holder', async () => {
    const bucketName = await emulated.makeBucket();
    await abandonLock(bucketName);
    const results = await Promise.allSettled(['ana', 'ben', 'eve'].map((name) => holdLock(claim(bucketName, name))));
    const held = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(held).toHaveLength(1);
    await held[0]?.release();
  });

  it('is free for the next one when it is given back while somebody watches', async () => {
    const bucketName = await emulated.makeBucket();
    await abandonLock(bucketName);
    const { reporter, codes } = rememberEvents();
    const waiting = holdLock(claim(bucketName, 'ben', { reporter }));
    await vi.waitUntil(() => codes().includes('deployment.lock.watched'));
    await emulated.s3.send(new DeleteObjectCommand({ Bucket: bucketName, Key: LOCK }));
    const lock = await waiting;
    await lock.release();
  });

  it('fails for a holder who was paused for longer than a lease and lost it', async () => {
    const bucketName = await emulated.makeBucket();
    let resume: (() => void) | undefined;
    let pausing = false;
    const paused = watchCalls(emulated.s3, async () => {
      if (!pausing) return;
      await new Promise<void>((done) => {
        resume = done;
      });
    });
    const { reporter, codes } = rememberEvents();
    const lock = await holdLock(claim(bucketName, 'ana', { s3: paused.s3, reporter }));
    pausing = true;
    const other = await holdLock(claim(bucketName, 'ben'));
    pausing = false;
    resume?.();
    await vi.waitUntil(() => lock.signal.aborted, { timeout: 10_000 });
    expect(lock.signal.reason).toBe(lock.lost);
    expect(lock.lost).toMatchObject({ code: 'DEPLOYMENT_LOCK_LOST' });
    await expect(lock.confirm()).rejects.toBe(lock.lost);
    expect(codes().filter((code) => code === 'deployment.lock.lost')).toHaveLength(1);
    await lock.release();
    expect(other.lost).toBeUndefined();
    expect(await readLock({ s3: emulated.s3, bucketName })).toEqual(holderNamed('ben'));
    await other.release();
  });

  it('is confirmed by a look at the bucket when the clock says that the machine slept', async () => {
    const bucketName = await emulated.makeBucket();
    let slept = 0;
    const now = () => Date.now() + slept;
    const kept = await holdLock(claim(bucketName, 'ana', { now }));
    slept += 60_000;
    await kept.confirm();
    slept += 60_000;
    await emulated.s3.send(
      new PutObjectCommand({ Bucket: bucketName, Key: LOCK, Body: '{"id":"x","identity":"user/eve"}' }),
    );
    await expect(kept.confirm()).rejects.toThrow('it is held by user/eve on unknown');
    await kept.release();
  });

  it('fails for a holder who cannot reach the bucket for a lease, before somebody else may take over', async () => {
    const bucketName = await emulated.makeBucket();
    let offline = false;
    const flaky = watchCalls(emulated.s3, () => {
      if (offline) throw Object.assign(new Error('no route'), { code: 'ENETUNREACH' });
    });
    const lock = await holdLock(claim(bucketName, 'ana', { s3: flaky.s3 }));
    offline = true;
    const began = performance.now();
    await new Promise((done) => lock.signal.addEventListener('abort', done));
    expect(performance.now() - began).toBeLessThan(leaseMilliseconds);
    expect(lock.lost?.message).toContain('could not be renewed');
    await lock.release();
  });

  it('fails for a holder whose lock somebody deleted', async () => {
    const bucketName = await emulated.makeBucket();
    const lock = await holdLock(claim(bucketName, 'ana'));
    await emulated.s3.send(new DeleteObjectCommand({ Bucket: bucketName, Key: LOCK }));
    await new Promise((done) => lock.signal.addEventListener('abort', done));
    expect(lock.lost?.message).toContain('somebody deleted it');
  });

  it('is given back by whoever holds it, and left to somebody who took it over a moment ago', async () => {
    const bucketName = await emulated.makeBucket();
    const lock = await holdLock(claim(bucketName, 'ana', { leaseMilliseconds: 60_000 }));
    const Body = JSON.stringify({ id: 'other', ...holderNamed('ben') });
    await emulated.s3.send(new PutObjectCommand({ Bucket: bucketName, Key: LOCK, Body }));
    await lock.release();
    expect(await readLock({ s3: emulated.s3, bucketName })).toEqual(holderNamed('ben'));
  });

  it('survives answers that get lost after the bucket took the request', async () => {
    const bucketName = await emulated.makeBucket();
    let renewals = 0;
    // As the SDK does it: the same request once more after an answer that never came.
    const send = async (command: { constructor: { name: string } }, options?: object) => {
      if (command.constructor.name === 'PutObjectCommand') renewals += 1;
      if (command.constructor.name !== 'GetObjectCommand') await emulated.s3.send(command as never, options as never);
      return emulated.s3.send(command as never, options as never);
    };
    const lock = await holdLock(claim(bucketName, 'ana', { s3: { send } as never }));
    // One each third of a lease.
    await vi.waitUntil(() => renewals >= 6, { timeout: 20_000 });
    expect(lock.lost).toBeUndefined();
    await expect(holdLock(claim(bucketName, 'ben'))).rejects.toMatchObject({ code: 'DEPLOYMENT_LOCKED' });
    await lock.release();
    expect(await readLock({ s3: emulated.s3, bucketName })).toBeUndefined();
  });

  it('stays with its holder while S3 refuses and breaks a third of all calls, and artifacts go up', async () => {
    const bucketName = await emulated.makeBucket();
    const s3 = new S3Client({ ...emulated.clientConfig, maxAttempts: 10 });
    const rule = { service: 's3', operation: '*', rate: 0.2 };
    const rules = ['SlowDown', 'InternalError'].map((error, seed) => ({ ...rule, error, status: 503, seed: seed + 1 }));
    await setFaults({ ...emulated.location, rules });
    try {
      const watched = watchCalls(s3);
      const lock = await holdLock(claim(bucketName, 'ana', { s3: watched.s3, leaseMilliseconds: 12_000 }));
      const bodies = ['a', 'b', 'c', 'd', 'e'].map((letter) => Buffer.from(letter));
      const uploads = await Promise.all(bodies.map((body) => uploadArtifact({ s3, bucketName, body })));
      expect(uploads.map(({ uploaded }) => uploaded)).not.toContain(false);
      await vi.waitUntil(() => watched.count('PutObject') >= 4, { timeout: 40_000 });
      expect(lock.lost).toBeUndefined();
      await lock.release();
      const struck = (await getFaults(emulated.location)).map((active) => active.struck);
      expect(struck.reduce((sum, one) => sum + one)).toBeGreaterThan(0);
    } finally {
      await clearFaults(emulated.location);
    }
    expect(await readLock({ s3: emulated.s3, bucketName })).toBeUndefined();
    expect(await listArtifacts({ s3: emulated.s3, bucketName })).toHaveLength(5);
  });

  it('goes off with the signal of the caller, and is given back all the same', async () => {
    const bucketName = await emulated.makeBucket();
    const caller = new AbortController();
    const lock = await holdLock(claim(bucketName, 'ana', { signal: caller.signal }));
    caller.abort();
    expect(lock.signal.aborted).toBe(true);
    expect(lock.lost).toBeUndefined();
    await lock.release();
    expect(await readLock({ s3: emulated.s3, bucketName })).toBeUndefined();
  });

  it('reports a lock that cannot be given back, and throws nothing', async () => {
    const bucketName = await emulated.makeBucket();
    const { reporter, codes } = rememberEvents();
    const refusing = watchCalls(emulated.s3, (operation) => {
      if (operation === 'DeleteObject') throw new Error('no');
    });
    const lock = await holdLock(claim(bucketName, 'ana', { s3: refusing.s3, reporter }));
    await lock.release();
    expect(codes()).toEqual(['deployment.lock.taken', 'deployment.lock.left']);
  });

  it('fails with the bucket that does not exist', async () => {
    await expect(holdLock(claim('no-such-bucket', 'ana'))).rejects.toMatchObject({ code: 'DEPLOYMENT_BUCKET_MISSING' });
  });

  /** A lock of somebody who was killed. */
  async function abandonLock(Bucket: string, overrides: Partial<LockHolder> = {}): Promise<void> {
    const Body = JSON.stringify({ formatVersion: 1, id: 'gone', renewals: 3, ...holderNamed('gone', overrides) });
    await emulated.s3.send(new PutObjectCommand({ Bucket, Key: LOCK, Body }));
  }
});
