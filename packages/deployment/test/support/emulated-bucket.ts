import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import type { JenkinsAwsEvent } from '@jenkins-aws/core';
import type { LockHolder } from '../../src/artifacts.js';
import { startEmulatedCloudFormation } from './emulated-cloud-formation.js';

/** An emulator of one's own with a versioned bucket. */
export async function startEmulatedBucket() {
  const emulated = await startEmulatedCloudFormation();
  const s3 = new S3Client(emulated.clientConfig);
  let buckets = 0;
  return {
    ...emulated,
    s3,
    async makeBucket(): Promise<string> {
      buckets += 1;
      const Bucket = `artifacts-${buckets}`;
      const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
      return Bucket;
    },
  };
}

/** An S3 client of which each call is counted, and may be refused, before it is sent. */
export function watchCalls(
  s3: S3Client,
  before: (operation: string, count: number) => Promise<void> | void = () => {},
) {
  const counts = new Map<string, number>();
  const send = async (command: { constructor: { name: string } }, options?: object) => {
    const operation = command.constructor.name.replace('Command', '');
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
    await before(operation, counts.get(operation) ?? 0);
    return s3.send(command as never, options as never);
  };
  return { s3: { send } as Pick<S3Client, 'send'>, count: (operation: string) => counts.get(operation) ?? 0 };
}

/** A reporter that remembers. */
export function rememberEvents() {
  const events: JenkinsAwsEvent[] = [];
  return {
    events,
    reporter: { report: (event: JenkinsAwsEvent) => void events.push(event) },
    codes: () => events.map(({ code }) => code),
  };
}

export function holderNamed(name: string, overrides: Partial<LockHolder> = {}): LockHolder {
  return {
    identity: `user/${name}`,
    host: `host-of-${name}`,
    processId: 4121,
    since: '2026-11-24T14:00:00Z',
    what: `deploy for ${name}`,
    ...overrides,
  };
}
