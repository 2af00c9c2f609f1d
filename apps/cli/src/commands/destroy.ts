import { EFSClient } from '@aws-sdk/client-efs';
import { S3Client } from '@aws-sdk/client-s3';
import { PLATFORM_TAG } from '@jenkins-aws/core';
import { destroyStacks, findStacksByTag } from '@jenkins-aws/deployment';
import { type DeletedData, deleteData } from '@jenkins-aws/operations';
import { stacksToDestroy } from '@jenkins-aws/platform';
import { auditPlatform } from '../aws/audit-platform.js';
import { deploymentContext, type StackOptions } from '../aws/deployment-context.js';
import { identify } from '../aws/identify.js';
import { resolveTarget } from '../aws/target.js';
import { type CommandContext, loadConfig } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';
import { renderDestroyed } from '../render/render-destroyed.js';

export interface DestroyOptions extends StackOptions {
  /** The platform's name, typed. */
  readonly deleteData?: string;
}

/**
 * Deletes every stack of the platform, also those of a master that the config does not name any more, and looks what is
 * left. The homes and the artifacts stay, unless the platform's name is typed for them.
 */
export async function destroy(command: CommandContext<DestroyOptions>): Promise<void> {
  const { options, output, signal } = command;
  const config = await loadConfig(options);
  const { region, name } = config;
  const withData = options.deleteData !== undefined;
  if (withData && options.deleteData !== name) {
    const message = `--delete-data must be the name of the platform of the config, '${name}', got '${options.deleteData}'`;
    throw new CliError('CLI_USAGE', message);
  }
  const target = await resolveTarget(region, command);
  const caller = await identify(target, output, signal);
  const deployment = deploymentContext(command, target, { platform: name, caller, verb: 'destroy' });
  const ownershipTag = { key: PLATFORM_TAG, value: name };
  const tagged = await findStacksByTag({ ...deployment, tag: ownershipTag });
  if (!options.yes && (tagged.length > 0 || withData)) {
    const where = target.emulator ? 'the embedded AWS' : `account ${caller.account}`;
    output.print(
      [
        `Stacks of ${name} in ${where}, ${region}, that will be deleted:`,
        ...tagged.map(({ stackName, status }) => `  ${status.padEnd(18)} ${stackName}`),
      ].join('\n'),
    );
    await output.confirm(
      withData
        ? 'Delete them, and after them the Jenkins homes and the artifacts, for good?'
        : 'Delete them? The Jenkins homes and the artifacts stay.',
    );
  }
  const stacks = stacksToDestroy(
    config,
    tagged.map(({ stackName }) => stackName),
  );
  const result = await destroyStacks({ ...deployment, stacks, ownershipTag, releaseProtection: true });
  const look = () => auditPlatform({ config, target, signal, expectedStacks: [] });
  let audit = await look();
  let deletedData: DeletedData = { homes: [], buckets: [] };
  if (withData) {
    const { leftovers } = audit;
    const efs = new EFSClient(target.clientConfig);
    const s3 = new S3Client(target.clientConfig);
    deletedData = await deleteData({
      efs,
      s3,
      leftovers,
      expectedBucketOwner: caller.account,
      reporter: output,
      signal,
    });
    audit = await look();
  }
  const data = { ...result, deletedData, ...audit };
  output.result(cliEvents.destroyFinished(data), renderDestroyed(data));
}
