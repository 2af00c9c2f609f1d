import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

const Bucket = 'conditions';
const digest = (body: string) => createHash('sha256').update(body).digest('base64');

let emulator: TestEmulator;
let s3: S3Client;
beforeAll(async () => {
  emulator = await startTestEmulator();
  s3 = new S3Client(emulator.client);
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
});
afterAll(() => emulator?.stop());

const put = (Key: string, Body: string, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const codeOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 'done',
    (error) => `${error.$metadata?.httpStatusCode} ${error.name}`,
  );

describe('a conditional write', () => {
  it('creates once', async () => {
    expect(await codeOf(put('once', 'a', { IfNoneMatch: '*' }))).toBe('done');
    expect(await codeOf(put('once', 'b', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
  });

  it('creates anew where a delete marker is all that is left', async () => {
    await put('marked', 'a');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'marked' }));
    expect(await codeOf(put('marked', 'b', { IfMatch: '*' }))).toBe('404 NoSuchKey');
    expect(await codeOf(put('marked', 'b', { IfNoneMatch: '*' }))).toBe('done');
  });

  it('replaces and deletes what is still as it was seen, and nothing else', async () => {
    const { ETag: first } = await put('seen', 'a');
    expect(await codeOf(put('seen', 'b', { IfMatch: first }))).toBe('done');
    expect(await codeOf(put('seen', 'c', { IfMatch: first }))).toBe('412 PreconditionFailed');
    const remove = (IfMatch?: string) => codeOf(s3.send(new DeleteObjectCommand({ Bucket, Key: 'seen', IfMatch })));
    expect(await remove(first)).toBe('412 PreconditionFailed');
    const { ETag: second } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'seen' }));
    expect(await remove(second)).toBe('done');
    expect(await codeOf(put('seen', 'd', { IfMatch: second }))).toBe('404 NoSuchKey');
  });

  it('lets one of many at once through', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => codeOf(put('race', `${index}`, { IfNoneMatch: '*' }))),
    );
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1);
  });
});

describe('a checksum', () => {
  it('fails an upload whose bytes have another one, and is told on request', async () => {
    const wrong = put('sum', 'a', { ChecksumSHA256: digest('b') });
    expect(await codeOf(wrong)).toBe('400 BadDigest');
    await put('sum', 'a', { ChecksumSHA256: digest('a') });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'sum', ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumSHA256).toBe(digest('a'));
  });

  it('of an upload in parts is the digest of their digests, and unfinished parts are listed with theirs', async () => {
    const object = { Bucket, Key: 'parts' };
    const parts = ['a'.repeat(5 * 1024 * 1024), 'the rest'];
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' }),
    );
    const tags: (string | undefined)[] = [];
    for (const [index, Body] of parts.entries()) {
      const part = { ...object, UploadId, PartNumber: index + 1, Body };
      expect(await codeOf(s3.send(new UploadPartCommand({ ...part, ChecksumSHA256: digest('x') })))).toContain('400');
      tags.push((await s3.send(new UploadPartCommand({ ...part, ChecksumSHA256: digest(Body) }))).ETag);
    }
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'parts' }));
    expect(Uploads?.map((upload) => upload.UploadId)).toEqual([UploadId]);
    const { Parts } = await s3.send(new ListPartsCommand({ ...object, UploadId }));
    expect(Parts?.map(({ ChecksumSHA256 }) => ChecksumSHA256)).toEqual(parts.map(digest));
    const complete = (condition: object) =>
      s3.send(
        new CompleteMultipartUploadCommand({
          ...object,
          UploadId,
          MultipartUpload: { Parts: tags.map((ETag, index) => ({ ETag, PartNumber: index + 1 })) },
          ...condition,
        }),
      );
    expect(await codeOf(complete({ IfMatch: '*' }))).toBe('404 NoSuchKey');
    const joined = Buffer.concat(parts.map((part) => Buffer.from(digest(part), 'base64')));
    const { ChecksumSHA256 } = await complete({ IfNoneMatch: '*' });
    expect(ChecksumSHA256).toBe(`${createHash('sha256').update(joined).digest('base64')}-2`);
  });
});

describe('a bucket', () => {
  it('fails a caller who expects it in another account', async () => {
    const mine = { Bucket, ExpectedBucketOwner: emulator.accountId };
    const theirs = { Bucket, ExpectedBucketOwner: '999999999999' };
    expect(await codeOf(s3.send(new HeadBucketCommand(mine)))).toBe('done');
    expect(await codeOf(s3.send(new HeadBucketCommand(theirs)))).toContain('403');
    expect(await codeOf(s3.send(new PutObjectCommand({ ...theirs, Key: 'a', Body: 'a' })))).toBe('403 AccessDenied');
    expect(await codeOf(s3.send(new GetObjectCommand({ ...mine, Key: 'once' })))).toBe('done');
  });

  it('tells its region', async () => {
    expect((await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('eu-central-1');
  });

  it('survives the kill of the emulator with its objects, checksums and ETags', async () => {
    const { ETag } = await put('kept', 'a', { ChecksumSHA256: digest('a') });
    process.kill(emulator.pid, 'SIGKILL');
    emulator = await emulator.restart();
    s3 = new S3Client(emulator.client);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'kept', ChecksumMode: 'ENABLED' }));
    expect([head.ETag, head.ChecksumSHA256]).toEqual([ETag, digest('a')]);
    expect(await codeOf(put('kept', 'b', { IfMatch: ETag }))).toBe('done');
  });
});
