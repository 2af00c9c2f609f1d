import { getStackSummaries, type StackSummary, toDeploymentError } from '@jenkins-aws/deployment';
import type { Leftover } from '../plan/leftover.js';
import type { LeftoverClients } from './leftover-clients.js';
import { STACK_ID_TAG, STACK_NAME_TAG, tagsOf } from './looks/look.js';

export interface FindOwnerOptions extends Pick<LeftoverClients, 'cloudFormation' | 'efs' | 's3'> {
  /** A file system or a bucket. */
  readonly data: Pick<Leftover, 'type' | 'id'>;
  /** Twelve digits. Default: not checked. */
  readonly expectedBucketOwner?: string;
  readonly signal?: AbortSignal;
}

/** The stack that made it, while there is that stack. By its id where that is known: a later stack of the name is another. */
export async function findOwner(options: FindOwnerOptions): Promise<StackSummary | undefined> {
  const { cloudFormation, signal } = options;
  const tags = await readTags(options);
  const stack = tags[STACK_ID_TAG] ?? tags[STACK_NAME_TAG];
  if (stack === undefined) return undefined;
  const context = { cloudFormation, ...(signal === undefined ? {} : { signal }) };
  const owner = (await getStackSummaries({ ...context, names: [stack] }))[stack];
  return owner?.status === 'DELETE_COMPLETE' ? undefined : owner;
}

async function readTags(options: FindOwnerOptions): Promise<ReturnType<typeof tagsOf>> {
  const { efs, s3, expectedBucketOwner: ExpectedBucketOwner, signal } = options;
  const { type, id } = options.data;
  const abort = { abortSignal: signal };
  try {
    if (type === 'AWS::S3::Bucket') {
      const { GetBucketTaggingCommand } = await import('@aws-sdk/client-s3');
      const command = new GetBucketTaggingCommand({ Bucket: id, ExpectedBucketOwner });
      return tagsOf((await s3.send(command, abort)).TagSet);
    }
    const { DescribeFileSystemsCommand } = await import('@aws-sdk/client-efs');
    const { FileSystems = [] } = await efs.send(new DescribeFileSystemsCommand({ FileSystemId: id }), abort);
    return tagsOf(FileSystems[0]?.Tags);
  } catch (error) {
    if (/^(FileSystemNotFound|NoSuchBucket|NoSuchTagSet|NoSuchTagSetError)$/.test((error as Error).name)) return {};
    throw toDeploymentError(error, { operation: `the look at the tags of ${id}` });
  }
}
