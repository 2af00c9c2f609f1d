import { setTimeout as sleep } from 'node:timers/promises';
import type { EFSClient } from '@aws-sdk/client-efs';
import { type Reporter, silentReporter } from '@jenkins-aws/core';
import { toDeploymentError } from '@jenkins-aws/deployment';
import { OperationsError } from '../errors.js';
import { operationsEvents } from '../events.js';
import { collect } from '../internal/collect.js';

export interface DeleteHomeOptions {
  readonly efs: Pick<EFSClient, 'send'>;
  readonly fileSystemId: string;
  /** Pause between two looks whether it is gone. Default: 2,000. */
  readonly pollMilliseconds?: number;
  readonly reporter?: Reporter;
  readonly signal?: AbortSignal;
}

/**
 * Deletes a file system and its access points, for good. Its backups are recovery points of AWS Backup and stay until
 * they expire, 35 days at most: they are the way back. One that is gone already is fine.
 *
 * Permissions: `elasticfilesystem:DescribeMountTargets`, `DescribeAccessPoints`, `DescribeFileSystems`,
 * `DeleteAccessPoint`, `DeleteFileSystem`.
 *
 * @throws OperationsError OPERATIONS_HOME_IN_USE while it has a mount target, before anything is deleted
 * @throws DeploymentError when EFS cannot be asked or refuses
 */
export async function deleteHome(options: DeleteHomeOptions): Promise<void> {
  const { efs, fileSystemId: FileSystemId, pollMilliseconds = 2000, reporter = silentReporter, signal } = options;
  const {
    DeleteAccessPointCommand,
    DeleteFileSystemCommand,
    DescribeAccessPointsCommand,
    DescribeFileSystemsCommand,
    DescribeMountTargetsCommand,
  } = await import('@aws-sdk/client-efs');
  const abort = { abortSignal: signal };
  try {
    const { MountTargets = [] } = await efs.send(new DescribeMountTargetsCommand({ FileSystemId }), abort);
    if (MountTargets.length > 0) {
      const ids = MountTargets.map(({ MountTargetId }) => MountTargetId).join(', ');
      throw new OperationsError('OPERATIONS_HOME_IN_USE', `${FileSystemId} has mount targets (${ids}): destroy first`);
    }
    const points = await collect(
      (NextToken) => efs.send(new DescribeAccessPointsCommand({ FileSystemId, NextToken }), abort),
      (page) => page.AccessPoints,
      (page) => page.NextToken,
    );
    for (const { AccessPointId } of points) await efs.send(new DeleteAccessPointCommand({ AccessPointId }), abort);
    await efs.send(new DeleteFileSystemCommand({ FileSystemId }), abort);
    // A file system that is being deleted still counts for the account's limits and for whoever looks what is left.
    for (;;) {
      const { FileSystems = [] } = await efs.send(new DescribeFileSystemsCommand({ FileSystemId }), abort);
      if (FileSystems.length === 0 || FileSystems[0]?.LifeCycleState === 'deleted') break;
      await sleep(pollMilliseconds, undefined, { signal });
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'FileSystemNotFound')) {
      throw toDeploymentError(error, { operation: `the deletion of ${FileSystemId}` });
    }
  }
  reporter.report(operationsEvents.homeDeleted({ fileSystemId: FileSystemId }));
}
