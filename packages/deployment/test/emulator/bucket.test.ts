import { type CloudFormationClient, ListChangeSetsCommand } from '@aws-sdk/client-cloudformation';
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { JenkinsAwsEvent } from '@jenkins-aws/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ArtifactStore, holdLock, readDeployments, readLock } from '../../src/artifacts.js';
import {
  deployStack,
  destroyStacks,
  executeDeployment,
  getStackSummaries,
  reviewDeployment,
  type StackDefinition,
} from '../../src/index.js';
import { holderNamed, rememberEvents, startEmulatedBucket } from '../support/emulated-bucket.js';
import { canEmulate } from '../support/emulated-cloud-formation.js';
import { templateOf } from '../support/templates.js';

let emulated: Awaited<ReturnType<typeof startEmulatedBucket>>;
let s3: S3Client;
beforeAll(async () => {
  emulated = await startEmulatedBucket();
  s3 = emulated.s3;
});
afterAll(() => emulated?.stop());

const claimOf = (name: string) => ({
  holder: holderNamed(name, { processSpace: `of ${name}` }),
  now: Date.now,
  leaseMilliseconds: 1_500,
});
const contextWith = (bucket: ArtifactStore['bucket'], name = 'ana') => ({
  cloudFormation: emulated.cloudFormation,
  artifacts: { s3, bucket },
  claim: claimOf(name),
  pollIntervalMilliseconds: 200,
  signal: AbortSignal.timeout(30_000),
});

const stackOf = (name: string, displayName = 'a', dependsOn: string[] = []): StackDefinition => ({
  name,
  templateBody: templateOf({ Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: displayName } } }),
  dependsOn,
});
/** More than CloudFormation takes as text. */
const large = (name: string, displayName = 'a'): StackDefinition => {
  const { templateBody } = stackOf(name, displayName);
  return {
    name,
    templateBody: JSON.stringify({
      ...JSON.parse(templateBody),
      Description: 'd',
      Metadata: { x: 'x'.repeat(60_000) },
    }),
  };
};
const maker = (bucketName: string): StackDefinition => ({
  name: `${bucketName}-stack`,
  templateBody: templateOf(
    { Bucket: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketName: bucketName } } },
    { Outputs: { BucketName: { Value: { Ref: 'Bucket' } } } },
  ),
});

describe.skipIf(!canEmulate)('deploying with a bucket that a stack of the same deployment makes', () => {
  const bucketName = 'made-by-a-stack';
  const bucket = { stackName: `${bucketName}-stack`, outputKey: 'BucketName' };
  const keys = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucketName }));
    return Contents.map(({ Key = '' }) => Key.replace(/[0-9a-f]{64}/, 'HASH').replace(/[^/]*\.json$/, '….json'));
  };

  it('makes it first, hands a large template over by it, gives the lock back and writes down what it did', async () => {
    const stacks = [large('large-one'), stackOf('large-small'), maker(bucketName)];
    const context = contextWith(bucket);
    const { reporter, codes } = rememberEvents();
    const review = await reviewDeployment({ ...context, stacks });
    const order = review.stacks.map(({ definition }) => definition.name);
    expect(order.indexOf(bucket.stackName)).toBeLessThan(order.indexOf('large-one'));
    const { stacks: results } = await executeDeployment({ ...context, reporter, review });
    expect(results.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created']);
    expect(codes().filter((code) => code.startsWith('deployment.lock'))).toEqual([
      'deployment.lock.taken',
      'deployment.lock.released',
    ]);
    expect(await readLock({ s3, bucketName })).toBeUndefined();
    expect(await keys()).toEqual(['artifacts/sha256/….json', 'deployments/….json']);
    const [record] = await readDeployments({ s3, bucketName });
    expect(record).toMatchObject({ identity: 'user/ana', artifactKeys: [] });
    expect(record?.stacks.map(({ name, outcome }) => [name, outcome]).sort()).toEqual([
      ['large-one', 'created'],
      ['large-small', 'created'],
      ['made-by-a-stack-stack', 'created'],
    ]);
  });

  it('takes no lock and writes nothing where there is nothing to do', async () => {
    const context = contextWith(bucket);
    const { reporter, codes } = rememberEvents();
    const before = await keys();
    const stacks = [large('large-one'), maker(bucketName)];
    const review = await reviewDeployment({ ...context, reporter, stacks });
    expect(review.stacks.map(({ basis }) => basis)).toEqual(['same', 'same']);
    await executeDeployment({ ...context, reporter, review });
    expect(codes().filter((code) => code.startsWith('deployment.lock'))).toEqual([]);
    expect(await keys()).toEqual(before);
  });

  it('updates and removes, and the record says so', async () => {
    const context = contextWith(bucket);
    const stacks = [large('large-one', 'b'), maker(bucketName)];
    const review = await reviewDeployment({ ...context, stacks, remove: [{ name: 'large-small' }] });
    await executeDeployment({ ...context, review });
    const [record] = await readDeployments({ s3, bucketName });
    expect(record?.stacks.map(({ name, outcome }) => [name, outcome]).sort()).toEqual([
      ['large-one', 'updated'],
      ['large-small', 'removed'],
      ['made-by-a-stack-stack', 'unchanged'],
    ]);
  });
});

describe.skipIf(!canEmulate)('two at once', () => {
  /** A context that follows no stack before something else has happened. */
  function slowContext(bucket: string, until: () => Promise<unknown>) {
    const cloudFormation = {
      send: async (command: { constructor: { name: string } }, ...rest: never[]) => {
        if (started && command.constructor.name === 'DescribeStackEventsCommand') await until();
        return emulated.cloudFormation.send(command as never, ...rest);
      },
    } as Pick<CloudFormationClient, 'send'>;
    let started = false;
    const codes: string[] = [];
    const reporter = {
      report: ({ code }: JenkinsAwsEvent) => {
        codes.push(code);
        if (code === 'deployment.stack.started') started = true;
      },
    };
    return { ...contextWith(bucket), cloudFormation, reporter, codes };
  }

  it('fails for the second with who is at work, whatever it wants, and the first is not disturbed', async () => {
    const bucket = await emulated.makeBucket();
    const ben = contextWith(bucket, 'ben');
    await deployStack({ ...contextWith(bucket), stack: stackOf('both') });
    const review = await reviewDeployment({ ...contextWith(bucket), stacks: [stackOf('both', 'b')] });
    const second = await reviewDeployment({ ...ben, stacks: [stackOf('both', 'c')] });
    let refusals: Promise<unknown[]> | undefined;
    const context = slowContext(bucket, () => {
      refusals ??= Promise.all(
        [executeDeployment({ ...ben, review: second }), destroyStacks({ ...ben, stacks: ['both'] })].map((work) =>
          work.catch((error: unknown) => error),
        ),
      );
      return refusals;
    });
    const { stacks } = await executeDeployment({ ...context, review });
    expect(stacks[0]?.outcome).toBe('updated');
    const errors = (await refusals) ?? [];
    expect(errors).toHaveLength(2);
    for (const error of errors) {
      expect(error).toMatchObject({
        code: 'DEPLOYMENT_LOCKED',
        message: expect.stringMatching(/user\/ana on host-of-ana \(process 4121\), since .*, doing: deploy for ana/),
      });
    }
    const { both } = await getStackSummaries({ ...ben, names: ['both'] });
    expect(both).toMatchObject({ status: 'UPDATE_COMPLETE' });
  });

  it('leaves no change set where the lock is not free, unless a saved plan waits for it', async () => {
    const bucket = await emulated.makeBucket();
    const ben = contextWith(bucket, 'ben');
    await deployStack({ ...ben, stack: stackOf('waiting') });
    const changeSets = async () => {
      const { Summaries = [] } = await emulated.cloudFormation.send(
        new ListChangeSetsCommand({ StackName: 'waiting' }),
      );
      return Summaries.filter(({ ExecutionStatus }) => ExecutionStatus === 'AVAILABLE').length;
    };
    const saved = { ...(await reviewDeployment({ ...ben, stacks: [stackOf('waiting', 'b')] })), saved: true };
    // Only after the review, which would be refused itself.
    const lock = await holdLock({ ...claimOf('ana'), s3, bucketName: bucket });
    const locked = { code: 'DEPLOYMENT_LOCKED' };
    await expect(executeDeployment({ ...ben, review: saved })).rejects.toMatchObject(locked);
    expect(await changeSets()).toBe(1);
    await expect(executeDeployment({ ...ben, review: { ...saved, saved: false } })).rejects.toMatchObject(locked);
    expect(await changeSets()).toBe(0);
    await lock.release();
  });

  it('fails when somebody takes the lock over, and begins nothing more', async () => {
    const bucket = await emulated.makeBucket();
    const stacks = [stackOf('taken'), stackOf('taken-after', 'a', ['taken'])];
    const review = await reviewDeployment({ ...contextWith(bucket), stacks });
    let takeover: Promise<unknown> | undefined;
    const context = slowContext(bucket, async () => {
      // To this one the first looks dead.
      const holder = { ...holderNamed('ben'), host: 'host-of-ana', processSpace: 'of ana' };
      takeover ??= holdLock({ ...claimOf('ben'), s3, bucketName: bucket, holder, isAlive: () => false });
      await takeover;
      await vi.waitUntil(() => context.codes.includes('deployment.lock.lost'), { timeout: 15_000 });
    });
    await expect(executeDeployment({ ...context, review })).rejects.toMatchObject({ code: 'DEPLOYMENT_LOCK_LOST' });
    const { 'taken-after': after } = await getStackSummaries({ ...context, names: ['taken-after'] });
    expect(after).toBeUndefined();
  });
});
