import { createHash, randomUUID } from 'node:crypto';
import { silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import { findArtifactKeys } from '../plan/artifact-key.js';
import type { DeployedStack } from '../plan/deployment-record.js';
import type { DeploymentReview } from '../plan/deployment-review.js';
import { findArtifactBucket } from './artifact-store.js';
import { type DeploymentContext, withoutSignal } from './deployment-context.js';
import type { StackResult } from './execute-stack.js';
import { recordDeployment } from './record-deployment.js';

/** What became of a deployment, by stack name. */
export interface Outcome {
  readonly results: ReadonlyMap<string, StackResult>;
  readonly failed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Writes down what a deployment did, where there is a bucket for it and somebody to name. A record that could not be
 * written is reported: the stacks are what they are all the same.
 */
export async function recordOutcome(
  options: DeploymentContext & { readonly review: DeploymentReview },
  outcome: Outcome,
): Promise<void> {
  const { artifacts: store, claim, review, reporter = silentReporter } = options;
  if (store === undefined || claim === undefined) return;
  const context = withoutSignal(options);
  try {
    const bucketName = await findArtifactBucket({ ...context, store });
    if (bucketName === undefined) return;
    const text = JSON.stringify(review.stacks.map(({ definition }) => definition));
    const record = {
      id: randomUUID(),
      at: new Date(claim.now()).toISOString(),
      identity: claim.holder.identity,
      stacks: stacksOf(review, outcome),
      artifactKeys: findArtifactKeys(text),
    };
    await recordDeployment({ ...context, ...store, bucketName, record });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    reporter.report(deploymentEvents.recordFailed({ why }));
  }
}

/** Stacks whose turn did not come are left out. */
function stacksOf(review: DeploymentReview, { results, failed, removed }: Outcome): DeployedStack[] {
  return [
    ...review.stacks.flatMap(({ definition: { name, templateBody } }): DeployedStack[] => {
      const outcome = failed.includes(name) ? 'failed' : results.get(name)?.outcome;
      const templateSha256 = createHash('sha256').update(templateBody).digest('hex');
      return outcome === undefined ? [] : [{ name, outcome, templateSha256 }];
    }),
    ...removed.map((name) => ({ name, outcome: 'removed' as const })),
  ];
}
