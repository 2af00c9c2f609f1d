import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findArtifactBucket,
  holdLock,
  listArtifacts,
  pruneArtifacts,
  readDeployments,
  recordDeployment,
  uploadArtifact,
  uploadTemplate,
} from '../../src/artifacts.js';
import { deployStack } from '../../src/index.js';
import { holderNamed, rememberEvents, startEmulatedBucket, watchCalls } from '../support/emulated-bucket.js';
import { canEmulate } from '../support/emulated-cloud-formation.js';
import { templateOf } from '../support/templates.js';

const MEBIBYTE = 1024 * 1024;
const body = (text: string) => Buffer.from(text);

describe.skipIf(!canEmulate)('artifacts', () => {
  let emulated: Awaited<ReturnType<typeof startEmulatedBucket>>;
  beforeAll(async () => {
    emulated = await startEmulatedBucket();
  });
  afterAll(() => emulated?.stop());

  const readBack = async (Bucket: string, Key: string) => {
    const { Body } = await emulated.s3.send(new GetObjectCommand({ Bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };

  it('go up once, under the name of their content', async () => {
    const bucketName = await emulated.makeBucket();
    const { s3, count } = watchCalls(emulated.s3);
    const first = await uploadArtifact({ s3, bucketName, body: body('x'), extension: '.zip', contentType: 'a/zip' });
    expect(first).toEqual({
      key: 'artifacts/sha256/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.zip',
      sha256: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
      uploaded: true,
    });
    expect(await uploadArtifact({ s3, bucketName, body: body('x'), extension: '.zip' })).toEqual({
      ...first,
      uploaded: false,
    });
    expect([count('HeadObject'), count('PutObject')]).toEqual([2, 1]);
    expect(await readBack(bucketName, first.key)).toEqual(body('x'));
  });

  it('go up once when several people upload the same at once', async () => {
    const bucketName = await emulated.makeBucket();
    let everybodyHasLooked: () => void = () => {};
    const looked = new Promise<void>((done) => {
      everybodyHasLooked = done;
    });
    const { s3 } = watchCalls(emulated.s3, (operation, count) => {
      if (operation !== 'PutObject') return;
      if (count === 6) everybodyHasLooked();
      return looked;
    });
    const all = await Promise.all(Array.from({ length: 6 }, () => uploadArtifact({ s3, bucketName, body: body('x') })));
    expect(all.filter(({ uploaded }) => uploaded)).toHaveLength(1);
    const { Versions } = await emulated.s3.send(new ListObjectVersionsCommand({ Bucket: bucketName }));
    expect(Versions).toHaveLength(1);
  });

  it.each([
    ['another content', { Body: 'y', ChecksumAlgorithm: 'SHA256' as const }],
    ['no checksum that S3 knows', { Body: 'x', ChecksumAlgorithm: 'CRC32' as const }],
  ])('are found and replaced when somebody wrote %s under their name', async (_, written) => {
    const bucketName = await emulated.makeBucket();
    const { reporter, codes } = rememberEvents();
    const context = { s3: emulated.s3, bucketName, reporter };
    const { key } = await uploadArtifact({ ...context, body: body('x') });
    await emulated.s3.send(new PutObjectCommand({ Bucket: bucketName, Key: key, ...written }));
    expect(await uploadArtifact({ ...context, body: body('x') })).toMatchObject({ key, uploaded: true });
    expect(codes()).toEqual([
      'deployment.artifact.uploaded',
      'deployment.artifact.corrupt',
      'deployment.artifact.uploaded',
    ]);
    expect(await readBack(bucketName, key)).toEqual(body('x'));
  });

  it('of many parts are gone on with where an upload was interrupted', async () => {
    const bucketName = await emulated.makeBucket();
    const large = randomBytes(43 * MEBIBYTE);
    const interrupted = watchCalls(emulated.s3, (operation, count) => {
      if (operation === 'UploadPart' && count > 3) throw Object.assign(new Error('cut'), { code: 'ECONNRESET' });
    });
    await expect(uploadArtifact({ s3: interrupted.s3, bucketName, body: large })).rejects.toMatchObject({
      code: 'DEPLOYMENT_ENDPOINT_UNREACHABLE',
    });
    const { events, reporter } = rememberEvents();
    const { s3, count } = watchCalls(emulated.s3);
    const { key, uploaded } = await uploadArtifact({ s3, bucketName, body: large, reporter });
    expect(uploaded).toBe(true);
    const [{ data } = { data: {} }] = events;
    const { partsThere, parts } = data as { partsThere: number; parts: number };
    expect(parts).toBe(6);
    expect(partsThere).toBeGreaterThan(0);
    expect(count('UploadPart')).toBe(6 - partsThere);
    expect(count('CreateMultipartUpload')).toBe(0);
    expect((await readBack(bucketName, key)).equals(large)).toBe(true);
    expect(await uploadArtifact({ s3, bucketName, body: large })).toMatchObject({ uploaded: false });
    const { Uploads = [] } = await emulated.s3.send(new ListMultipartUploadsCommand({ Bucket: bucketName }));
    expect(Uploads).toEqual([]);
  });

  it('go up anew when the upload to go on with is given up by somebody else', async () => {
    const bucketName = await emulated.makeBucket();
    const large = randomBytes(9 * MEBIBYTE);
    let gone = 0;
    const { s3 } = watchCalls(emulated.s3, (operation) => {
      if (operation !== 'CompleteMultipartUpload' || gone > 0) return;
      gone += 1;
      throw Object.assign(new Error('gone'), { name: 'NoSuchUpload', $metadata: { httpStatusCode: 404 } });
    });
    expect(await uploadArtifact({ s3, bucketName, body: large })).toMatchObject({ uploaded: true });
    expect(gone).toBe(1);
  });

  it('fail where the bucket belongs to another account than expected', async () => {
    const bucketName = await emulated.makeBucket();
    const context = { s3: emulated.s3, bucketName, expectedBucketOwner: '999999999999' };
    const refused = { code: 'DEPLOYMENT_ACCESS_DENIED' };
    await expect(uploadArtifact({ ...context, body: body('x') })).rejects.toMatchObject(refused);
    await expect(uploadTemplate({ ...context, templateBody: '{}' })).rejects.toMatchObject(refused);
    await expect(listArtifacts(context)).rejects.toMatchObject(refused);
  });

  it('fail where the bucket does not exist', async () => {
    const context = { s3: emulated.s3, bucketName: 'no-such-bucket' };
    const missing = { code: 'DEPLOYMENT_BUCKET_MISSING' };
    await expect(uploadTemplate({ ...context, templateBody: '{}' })).rejects.toMatchObject(missing);
    await expect(uploadArtifact({ ...context, body: body('x') })).rejects.toMatchObject(missing);
    await expect(listArtifacts(context)).rejects.toMatchObject(missing);
  });

  it('may be templates that are larger than CloudFormation takes as text', async () => {
    const bucketName = await emulated.makeBucket();
    const template = JSON.parse(templateOf({ Group: { Type: 'AWS::SNS::Topic' } })) as object;
    const templateBody = JSON.stringify({ ...template, Metadata: { Padding: 'x'.repeat(60_000) } });
    const { templateUrl, key } = await uploadTemplate({ s3: emulated.s3, bucketName, templateBody });
    expect(templateUrl).toBe(`https://s3.eu-central-1.amazonaws.com/${bucketName}/${key}`);
    expect(key).toMatch(/\.json$/);
    const command = new CreateStackCommand({ StackName: 'large', TemplateURL: templateUrl });
    expect((await emulated.cloudFormation.send(command)).StackId).toContain('large');
  });

  it('lie in the bucket that the shipped template makes', async () => {
    const file = join(import.meta.dirname, '..', '..', 'templates', 'artifacts.json');
    const { cloudFormation, s3 } = emulated;
    const store = { s3, bucket: { stackName: 'artifacts', outputKey: 'BucketName' } };
    expect(await findArtifactBucket({ cloudFormation, store })).toBeUndefined();
    const stack = { name: 'artifacts', templateBody: readFileSync(file, 'utf8') };
    const { outputs } = await deployStack({ cloudFormation, stack, pollIntervalMilliseconds: 100 });
    const Bucket = await findArtifactBucket({ cloudFormation, store });
    expect(Bucket).toBe(outputs.BucketName);
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(JSON.stringify(ServerSideEncryptionConfiguration)).toContain('AES256');
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toContain('aws:SecureTransport');
    expect(await uploadArtifact({ s3, bucketName: Bucket ?? '', body: body('x') })).toMatchObject({ uploaded: true });
  });
});

describe.skipIf(!canEmulate)('records and pruning', () => {
  let emulated: Awaited<ReturnType<typeof startEmulatedBucket>>;
  beforeAll(async () => {
    emulated = await startEmulatedBucket();
  });
  afterAll(() => emulated?.stop());

  const inTwoDays = () => Date.now() + 48 * 60 * 60 * 1000;
  const upload = (bucketName: string, text: string) =>
    uploadArtifact({ s3: emulated.s3, bucketName, body: body(text) });
  const record = (bucketName: string, number: number, artifactKeys: string[]) =>
    recordDeployment({
      s3: emulated.s3,
      bucketName,
      record: {
        id: `deployment-${number}`,
        at: `2026-11-24T14:00:0${number}.000Z`,
        identity: 'user/ana',
        stacks: [{ name: 'one', outcome: 'updated', templateSha256: 'a'.repeat(64) }],
        artifactKeys,
      },
    });

  it('reads the newest records first and leaves out what is none', async () => {
    const bucketName = await emulated.makeBucket();
    const context = { s3: emulated.s3, bucketName };
    expect(await readDeployments(context)).toEqual([]);
    for (const number of [2, 1, 3]) await record(bucketName, number, []);
    const strange = { Bucket: bucketName, Key: 'deployments/20990101T000000.000Z-x.json', Body: '{"formatVersion":9}' };
    await emulated.s3.send(new PutObjectCommand(strange));
    expect((await readDeployments({ ...context, limit: 3 })).map(({ id }) => id)).toEqual([
      'deployment-3',
      'deployment-2',
    ]);
  });

  it('keeps what a live stack or one of the last deployments names, and deletes the rest', async () => {
    const bucketName = await emulated.makeBucket();
    const { s3, cloudFormation } = emulated;
    const inTemplate = await upload(bucketName, 'named by a template');
    const inParameter = await upload(bucketName, 'named by a parameter');
    const inRecord = await upload(bucketName, 'named by the last deployment');
    const old = await upload(bucketName, 'named by an old deployment');
    const never = await upload(bucketName, 'named by nobody');
    const templateBody = JSON.stringify({
      Parameters: { Code: { Type: 'String' } },
      Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: inTemplate.sha256 } } },
    });
    const stack = { name: 'living', templateBody, parameters: { Code: inParameter.key } };
    await deployStack({ cloudFormation, stack, pollIntervalMilliseconds: 100 });
    await record(bucketName, 1, [old.key]);
    await record(bucketName, 2, [inRecord.key]);
    const { reporter, codes } = rememberEvents();
    const options = {
      s3,
      bucketName,
      cloudFormation,
      reporter,
      stackNames: ['living', 'never-made'],
      keepDeployments: 1,
      holder: holderNamed('ana'),
      now: inTwoDays,
    };

    const dry = await pruneArtifacts({ ...options, dryRun: true });
    expect(await listArtifacts({ s3, bucketName })).toHaveLength(5);
    const { kept, deleted, freedBytes } = await pruneArtifacts(options);
    expect({ kept, deleted, freedBytes }).toEqual(dry);
    expect(kept.map(({ key }) => key).sort()).toEqual([inTemplate.key, inParameter.key, inRecord.key].sort());
    expect(deleted.map(({ key }) => key).sort()).toEqual([old.key, never.key].sort());
    expect(freedBytes).toBe('named by an old deployment'.length + 'named by nobody'.length);
    expect(await listArtifacts({ s3, bucketName })).toEqual(kept);
    expect(codes()).toContain('deployment.artifacts.pruned');
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucketName, Prefix: never.key }));
    expect(Versions).toHaveLength(1);
  });

  it('keeps what was uploaded in the last day, because a review may be about to name it', async () => {
    const bucketName = await emulated.makeBucket();
    await upload(bucketName, 'just now');
    const { s3, cloudFormation } = emulated;
    const claim = { holder: holderNamed('ana'), now: Date.now };
    expect(
      await pruneArtifacts({ s3, bucketName, cloudFormation, stackNames: [], keepDeployments: 0, ...claim }),
    ).toMatchObject({ deleted: [] });
  });

  it('fails while somebody deploys, and deletes nothing', async () => {
    const bucketName = await emulated.makeBucket();
    await upload(bucketName, 'wanted soon');
    const { s3, cloudFormation } = emulated;
    const claim = { s3, bucketName, now: inTwoDays, leaseMilliseconds: 1_000 };
    const lock = await holdLock({ ...claim, holder: holderNamed('ana') });
    await expect(
      pruneArtifacts({ ...claim, cloudFormation, stackNames: [], holder: holderNamed('ben') }),
    ).rejects.toMatchObject({ code: 'DEPLOYMENT_LOCKED' });
    await lock.release();
    expect(await listArtifacts({ s3, bucketName })).toHaveLength(1);
  });
});
