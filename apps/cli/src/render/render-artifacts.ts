import type { Artifact, DeploymentRecord, PruneResult } from '@jenkins-aws/deployment/artifacts';
import { count } from './count.js';

const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
const renderOne = ({ key, bytes, uploadedAt }: Artifact) => `  ${key}  ${kib(bytes)}  ${uploadedAt.toISOString()}`;

function renderDeployment({ at, identity, stacks }: DeploymentRecord): string {
  const touched = stacks.filter(({ outcome }) => outcome !== 'unchanged');
  const what = touched.map(({ name, outcome }) => `${name} ${outcome}`).join(', ');
  return `  ${at}  ${identity}  ${what === '' ? 'nothing changed' : what}`;
}

/** What lies in the bucket, and the last deployments. */
export function renderArtifacts(found: {
  readonly bucketName: string;
  readonly artifacts: readonly Artifact[];
  readonly deployments: readonly DeploymentRecord[];
}): string {
  const { bucketName, artifacts, deployments } = found;
  const bytes = artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);
  return [
    [`Bucket ${bucketName}: ${count(artifacts.length, 'artifact')}, ${kib(bytes)}`, ...artifacts.map(renderOne)],
    ['Last deployments', ...deployments.map(renderDeployment)],
  ]
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** What a prune deletes, or would. */
export function renderPruned({ kept, deleted, freedBytes }: PruneResult, verb: string): string {
  if (deleted.length === 0) return `Nothing to delete: all of ${count(kept.length, 'artifact')} are needed or new.`;
  return [
    `${count(deleted.length, 'artifact')} ${verb}, ${kib(freedBytes)}; ${count(kept.length, 'artifact')} kept`,
    ...deleted.map(renderOne),
  ].join('\n');
}
