import { type CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { silentReporter } from '@jenkins-aws/core';
import { DeploymentError } from '../errors.js';
import { deploymentEvents } from '../events.js';
import { planPrune } from '../plan/plan-prune.js';
import { bucketParameters, callBucket } from './artifact-store.js';
import { abortable, call } from './deployment-context.js';
import { findStack } from './get-stack-summaries.js';
import { holdLock } from './hold-lock.js';
import { type Artifact, listArtifacts } from './list-artifacts.js';
import { DEPLOYMENTS_KEPT, readRecordTexts } from './read-deployments.js';
import type { WatchLockOptions } from './watch-lock.js';

export interface PruneArtifactsOptions extends WatchLockOptions {
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  /** Every stack whose artifacts lie in this bucket. Nested stacks that name artifacts themselves are stacks too. */
  readonly stackNames: readonly string[];
  /** The artifacts of so many of the last deployments stay. Default: 10. */
  readonly keepDeployments?: number;
  /** Only say what would go. Needs no lock. Default: false. */
  readonly dryRun?: boolean;
}

export interface PruneResult {
  readonly kept: readonly Artifact[];
  /** What was deleted, or would be. */
  readonly deleted: readonly Artifact[];
  /** What `deleted` takes up, freed when the bucket drops its old versions. */
  readonly freedBytes: number;
}

/** A review uploads before a stack names it, and does so without the lock. */
const GRACE_MILLISECONDS = 24 * 60 * 60 * 1000;

/** What one DeleteObjects call takes (S3 API reference). */
const KEYS_A_CALL = 1000;

/**
 * Deletes the artifacts that nobody needs any more. What a live stack's template, parameters or outputs name stays, and
 * so does what one of the last deployments named and what was uploaded in the last 24 hours. Holds the lock meanwhile.
 * In a versioned bucket what is deleted can be had back until the old version expires, after 30 days in
 * `ArtifactBucket`.
 *
 * Permissions: `s3:ListBucket` on the bucket, `s3:GetObject` on `deployments/*`, `s3:DeleteObject` on `artifacts/*`,
 * those of {@link holdLock}, `cloudformation:DescribeStacks` and `GetTemplate` on the stacks. Costs some GETs.
 *
 * @throws DeploymentError `DEPLOYMENT_LOCKED` while somebody deploys, `DEPLOYMENT_BUCKET_MISSING`, or when the account
 *   cannot be asked
 */
export async function pruneArtifacts(options: PruneArtifactsOptions): Promise<PruneResult> {
  if (options.dryRun === true) return prune(options);
  const lock = await holdLock(options);
  try {
    return await prune({ ...options, signal: lock.signal });
  } catch (error) {
    throw lock.lost ?? error;
  } finally {
    await lock.release();
  }
}

async function prune(options: PruneArtifactsOptions): Promise<PruneResult> {
  const { stackNames, keepDeployments: limit = DEPLOYMENTS_KEPT, now, reporter = silentReporter } = options;
  const artifacts = await listArtifacts(options);
  const texts = [...(await readRecordTexts({ ...options, limit }))];
  for (const name of stackNames) texts.push(...(await readStackTexts(options, name)));
  const { keep, remove } = planPrune({ artifacts, texts, keepUploadedSince: new Date(now() - GRACE_MILLISECONDS) });
  const freedBytes = remove.reduce((sum, { bytes }) => sum + bytes, 0);
  if (options.dryRun !== true) {
    for (let start = 0; start < remove.length; start += KEYS_A_CALL) {
      await deleteKeys(options, remove.slice(start, start + KEYS_A_CALL));
    }
    const { bucketName } = options;
    reporter.report(
      deploymentEvents.artifactsPruned({ bucketName, kept: keep.length, deleted: remove.length, freedBytes }),
    );
  }
  return { kept: keep, deleted: remove, freedBytes };
}

/** Whatever in a stack may name an artifact; nothing where there is no such stack. */
async function readStackTexts(options: PruneArtifactsOptions, stackName: string): Promise<readonly string[]> {
  const { cloudFormation } = options;
  const stack = await findStack(options, stackName);
  if (stack === undefined) return [];
  const command = new GetTemplateCommand({ StackName: stack.stackId, TemplateStage: 'Original' });
  const { TemplateBody } = await call('GetTemplate', stackName, () => cloudFormation.send(command, abortable(options)));
  return [TemplateBody ?? '', JSON.stringify(stack)];
}

async function deleteKeys(options: PruneArtifactsOptions, artifacts: readonly Artifact[]): Promise<void> {
  const command = new DeleteObjectsCommand({
    ...bucketParameters(options),
    Delete: { Quiet: true, Objects: artifacts.map(({ key: Key }) => ({ Key })) },
  });
  const { Errors } = await callBucket(options, 'DeleteObjects', (request) => options.s3.send(command, request));
  const [first] = Errors ?? [];
  if (first === undefined) return;
  throw new DeploymentError(
    first.Code === 'AccessDenied' ? 'DEPLOYMENT_ACCESS_DENIED' : 'DEPLOYMENT_REQUEST_REFUSED',
    `${Errors?.length} artifacts could not be deleted, the first is '${first.Key}': ${first.Code} ${first.Message ?? ''}`,
  );
}
