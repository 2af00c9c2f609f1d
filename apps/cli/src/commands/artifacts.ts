import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ownershipTag } from '@jenkins-aws/core';
import { findStacksByTag } from '@jenkins-aws/deployment';
import {
  type BucketContext,
  findArtifactBucket,
  listArtifacts,
  pruneArtifacts,
  readDeployments,
} from '@jenkins-aws/deployment/artifacts';
import { platformStacks } from '@jenkins-aws/platform';
import { artifactStore, lockClaim } from '../aws/deployment-context.js';
import { type OpenAccount, openAccount } from '../aws/open-account.js';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';
import { renderArtifacts, renderPruned } from '../render/render-artifacts.js';

export interface PruneOptions extends CommonOptions {
  readonly keep?: string;
  readonly yes?: boolean;
}

interface Bucket extends BucketContext, OpenAccount {
  readonly cloudFormation: CloudFormationClient;
}

/** Shows what lies in the platform's bucket, and who deployed last. */
export async function artifactsList(command: CommandContext): Promise<void> {
  const bucket = await openBucket(command);
  const data = {
    bucketName: bucket.bucketName,
    artifacts: await listArtifacts(bucket),
    deployments: await readDeployments(bucket),
  };
  command.output.result(cliEvents.artifactsListed(data), renderArtifacts(data));
}

/** Deletes the artifacts that no live stack and none of the last deployments names. */
export async function artifactsPrune(command: CommandContext<PruneOptions>): Promise<void> {
  const { options, output } = command;
  const keepDeployments = options.keep === undefined ? {} : { keepDeployments: countOf(options.keep) };
  const bucket = await openBucket(command);
  const { config, caller, cloudFormation, signal } = bucket;
  const tag = ownershipTag(config.name);
  const tagged = await findStacksByTag({ cloudFormation, tag, ...(signal && { signal }) });
  const prune = {
    ...bucket,
    ...lockClaim(caller, `artifacts prune ${config.name}`),
    ...keepDeployments,
    stackNames: [
      ...new Set(
        [...platformStacks(config), ...tagged.map((stack) => ({ name: stack.stackName }))].map(({ name }) => name),
      ),
    ],
  };
  const planned = await pruneArtifacts({ ...prune, dryRun: true });
  if (planned.deleted.length > 0 && !options.yes) {
    output.print(renderPruned(planned, 'would be deleted'));
    await output.confirm('Delete them? Old versions can be had back for 30 days.');
  }
  const result = planned.deleted.length === 0 ? planned : await pruneArtifacts(prune);
  output.result(cliEvents.artifactsPruned(result), renderPruned(result, 'deleted'));
}

function countOf(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 1000) return number;
  throw new CliError('CLI_USAGE', `--keep must be a number of deployments from 1 to 1000, got '${text}'`);
}

async function openBucket(command: CommandContext): Promise<Bucket> {
  const { output, signal } = command;
  const { config, target, caller } = await openAccount(command);
  const { region, name } = config;
  const cloudFormation = new CloudFormationClient(target.clientConfig);
  const store = artifactStore(name, target, caller);
  const bucketName = await findArtifactBucket({ cloudFormation, store, signal });
  if (bucketName === undefined) {
    throw new CliError(
      'CLI_NOT_DEPLOYED',
      `platform ${name} has no bucket in ${region} yet: its first deploy makes it`,
    );
  }
  const { s3, expectedBucketOwner } = store;
  const bucket = { s3, bucketName, ...(expectedBucketOwner !== undefined && { expectedBucketOwner }) };
  return { config, target, caller, cloudFormation, ...bucket, signal, reporter: output };
}
