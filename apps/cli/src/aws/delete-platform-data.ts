import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EFSClient } from '@aws-sdk/client-efs';
import { S3Client } from '@aws-sdk/client-s3';
import { type DeletedData, deleteData, type Leftover } from '@jenkins-aws/operations';
import type { CommandContext } from '../command-context.js';
import { CliError } from '../errors.js';
import { resumeCommand } from '../terminal/program-name.js';
import type { Caller } from './identify.js';
import type { AwsTarget } from './target.js';

export interface DeletePlatformDataOptions extends Pick<CommandContext, 'output' | 'signal' | 'stopSignal'> {
  readonly target: AwsTarget;
  readonly caller: Caller;
  readonly data: readonly Leftover[];
  /** Throws where the lock was lost. Undefined where there is none. */
  readonly confirmLock?: (() => Promise<void>) | undefined;
}

/** Deletes exactly this data, and stops before the next piece of it when somebody says so. */
export async function deletePlatformData(options: DeletePlatformDataOptions): Promise<DeletedData> {
  const { target, caller, data, confirmLock, output: reporter, signal, stopSignal } = options;
  const { clientConfig } = target;
  return deleteData({
    cloudFormation: new CloudFormationClient(clientConfig),
    efs: new EFSClient(clientConfig),
    s3: new S3Client(clientConfig),
    data,
    expectedBucketOwner: caller.account,
    beforeEach: async (id) => {
      if (stopSignal.aborted) {
        const hint = `to go on: ${resumeCommand()}`;
        throw new CliError('CLI_INTERRUPTED', `stopped on request before ${id} was deleted`, { hint });
      }
      await confirmLock?.();
    },
    reporter,
    signal,
  });
}
