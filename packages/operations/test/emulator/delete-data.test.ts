import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import {
  CreateAccessPointCommand,
  CreateFileSystemCommand,
  DescribeFileSystemsCommand,
  EFSClient,
} from '@aws-sdk/client-efs';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListBucketsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../../../emulator/test/support/start-test-emulator.js';
import { deleteBucket } from '../../src/operations/delete-bucket.js';
import { deleteData } from '../../src/operations/delete-data.js';
import { deleteHome } from '../../src/operations/delete-home.js';
import { findData } from '../../src/operations/find-data.js';

let emulator: TestEmulator;
let cloudFormation: CloudFormationClient;
let efs: EFSClient;
let s3: S3Client;

beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudFormation = new CloudFormationClient(emulator.client);
  efs = new EFSClient(emulator.client);
  s3 = new S3Client({ ...emulator.client, forcePathStyle: true });
});
afterAll(() => emulator?.stop());

describe('deleteHome', () => {
  it('deletes the file system with its access points, and bears one that is gone', async () => {
    const { FileSystemId = '' } = await efs.send(new CreateFileSystemCommand({ CreationToken: 'home' }));
    await efs.send(new CreateAccessPointCommand({ ClientToken: 'point', FileSystemId }));
    const codes: string[] = [];
    const reporter = { report: ({ code }: { code: string }) => void codes.push(code) };
    await deleteHome({ efs, fileSystemId: FileSystemId, pollMilliseconds: 10, reporter });
    expect((await efs.send(new DescribeFileSystemsCommand({}))).FileSystems).toEqual([]);
    await deleteHome({ efs, fileSystemId: FileSystemId, reporter });
    expect(codes).toEqual(['operations.home.deleted', 'operations.home.deleted']);
  });

  it('fails while something may use it, and deletes nothing', async () => {
    const calls: string[] = [];
    const inUse = {
      send: async (command: object) => {
        calls.push(command.constructor.name);
        return { MountTargets: [{ MountTargetId: 'fsmt-1' }] };
      },
    } as unknown as EFSClient;
    await expect(deleteHome({ efs: inUse, fileSystemId: 'fs-1' })).rejects.toMatchObject({
      code: 'OPERATIONS_HOME_IN_USE',
      message: expect.stringContaining('fsmt-1'),
    });
    expect(calls).toEqual(['DescribeMountTargetsCommand']);
  });
});

describe('deleteData', () => {
  it('deletes the named homes and buckets, and nothing else', async () => {
    const { FileSystemId: gone = '' } = await efs.send(new CreateFileSystemCommand({ CreationToken: 'gone' }));
    const { FileSystemId: kept = '' } = await efs.send(new CreateFileSystemCommand({ CreationToken: 'kept' }));
    const data = [
      { type: 'AWS::EFS::FileSystem', id: gone },
      { type: 'AWS::EC2::Volume', id: 'vol-1' },
    ];
    expect(await deleteData({ cloudFormation, efs, s3, data })).toEqual({ homes: [gone], buckets: [] });
    const { FileSystems = [] } = await efs.send(new DescribeFileSystemsCommand({}));
    expect(FileSystems.map(({ FileSystemId }) => FileSystemId)).toEqual([kept]);
    await deleteHome({ efs, fileSystemId: kept, pollMilliseconds: 10 });
  });

  it('finds the data of a live stack, fails to delete it while that stack is there, and deletes it afterwards', async () => {
    const StackName = 'jenkins-ci-data';
    const tags = [{ Key: 'jenkins-aws:platform', Value: 'ci' }];
    const stays = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    const Resources = {
      Home: { Type: 'AWS::EFS::FileSystem', Properties: { FileSystemTags: tags }, ...stays },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'jenkins-ci-artifacts-1' }, ...stays },
    };
    const create = new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources }), Tags: tags });
    await cloudFormation.send(create);
    const waiting = { client: cloudFormation, minDelay: 1, maxDelay: 1, maxWaitTime: 60 };
    await waitUntilStackCreateComplete(waiting, { StackName });

    const data = await findData({ efs, s3, platform: 'ci' });
    expect(data).toEqual([
      expect.objectContaining({ type: 'AWS::EFS::FileSystem', createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) }),
      expect.objectContaining({ id: 'jenkins-ci-artifacts-1', createdAt: expect.stringMatching(/^\d{4}-/) }),
    ]);
    const owned = { code: 'OPERATIONS_DATA_OWNED', message: expect.stringContaining(`stack '${StackName}'`) };
    for (const each of data) {
      await expect(deleteData({ cloudFormation, efs, s3, data: [each] })).rejects.toMatchObject(owned);
    }
    expect(await findData({ efs, s3, platform: 'ci' })).toHaveLength(2);

    await cloudFormation.send(new DeleteStackCommand({ StackName }));
    await waitUntilStackDeleteComplete(waiting, { StackName });
    const asked: string[] = [];
    const beforeEach = async (id: string) => void asked.push(id);
    await deleteData({ cloudFormation, efs, s3, data, beforeEach });
    expect(asked).toEqual(data.map(({ id }) => id));
    expect(await findData({ efs, s3, platform: 'ci' })).toEqual([]);
  });

  it('fails to list when a service cannot be asked, and deletes nothing that may not be asked about', async () => {
    const refusing = {
      send: async () => {
        throw Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
      },
    };
    const listed = findData({ efs: refusing, s3, platform: 'ci' } as never);
    await expect(listed).rejects.toMatchObject({
      name: 'DeploymentError',
      message: expect.stringMatching(/file systems/),
    });
    const data = [{ type: 'AWS::EFS::FileSystem', id: 'fs-1' }];
    const deleted = deleteData({ cloudFormation, efs: refusing, s3, data } as never);
    await expect(deleted).rejects.toMatchObject({ message: expect.stringMatching(/tags of fs-1/) });
  });
});

describe('deleteBucket', () => {
  it('deletes every version and every delete marker, then the bucket, and bears one that is gone', async () => {
    const Bucket = 'jenkins-ci-artifacts-bucket';
    await s3.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
    );
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    for (const Body of ['one', 'two']) await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    const events: object[] = [];
    await deleteBucket({ s3, bucketName: Bucket, reporter: { report: ({ data }) => void events.push(data) } });
    expect(events).toEqual([{ bucketName: Bucket, versions: 3 }]);
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    await deleteBucket({ s3, bucketName: Bucket });
  });

  it('fails with what S3 kept instead of trying for ever', async () => {
    const kept = {
      send: async (command: object) =>
        command.constructor.name === 'ListObjectVersionsCommand'
          ? { Versions: [{ Key: 'a', VersionId: '1' }] }
          : { Errors: [{ Key: 'a', Code: 'AccessDenied', Message: 'retained' }] },
    } as unknown as S3Client;
    await expect(deleteBucket({ s3: kept, bucketName: 'b' })).rejects.toMatchObject({
      code: 'OPERATIONS_DELETE_REFUSED',
      message: expect.stringContaining('a (AccessDenied: retained)'),
    });
  });
});
