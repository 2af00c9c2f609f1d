import { defineEvent } from '@jenkins-aws/core';
import type { LeftBehindResource } from './internal/find-left-behind.js';
import { describeHolder, type LockHolder } from './plan/lock-holder.js';

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;

/** Every event that this package reports. */
export const deploymentEvents = {
  reviewStarted: defineEvent<{ stackNames: readonly string[] }, 'deployment.review.started'>({
    code: 'deployment.review.started',
    level: 'info',
    description: 'the stacks are about to be compared with what exists; nothing is changed',
    message: ({ stackNames }) => `reviewing ${stackNames.join(', ')}`,
  }),
  stackReviewed: defineEvent<
    {
      stackName: string;
      action: 'create' | 'update' | 'none';
      basis: 'change-set' | 'template' | 'same';
      leftover: 'ROLLBACK_COMPLETE' | undefined;
      changes: number | undefined;
    },
    'deployment.stack.reviewed'
  >({
    code: 'deployment.stack.reviewed',
    level: 'info',
    description: 'what a deployment would do with a stack is known',
    message: ({ stackName, action, basis, leftover, changes }) => {
      if (action === 'none') return `${stackName}: no changes`;
      const what = changes === undefined ? 'resources unknown before it runs' : `${changes} resource changes`;
      const guess = action === 'update' && basis === 'template';
      const why = guess ? ', from the templates, because it reads what an earlier stack has yet to make' : '';
      const first = leftover === undefined ? '' : `; the remains of a failed creation are deleted first (${leftover})`;
      return `${stackName}: ${action}, ${what}${why}${first}`;
    },
  }),
  reviewRefreshed: defineEvent<{ stackName: string; reason: string }, 'deployment.review.refreshed'>({
    code: 'deployment.review.refreshed',
    level: 'info',
    description: 'a reviewed change set may be stale, so a new one was made and holds nothing that was not reviewed',
    message: ({ stackName, reason }) => `${stackName}: looked at again because ${reason}, nothing new`,
  }),
  reviewDiscarded: defineEvent<{ stackNames: readonly string[] }, 'deployment.review.discarded'>({
    code: 'deployment.review.discarded',
    level: 'info',
    description: 'the change sets of a review were deleted without being executed',
    message: ({ stackNames }) => `discarded the review${stackNames.length === 0 ? '' : ` of ${stackNames.join(', ')}`}`,
  }),
  stackStarted: defineEvent<
    { stackName: string; stackId: string; action: 'create' | 'update'; resources: number },
    'deployment.stack.started'
  >({
    code: 'deployment.stack.started',
    level: 'info',
    description: 'CloudFormation began to execute the change set of a stack',
    message: ({ stackName, action, resources }) =>
      `${stackName}: ${action === 'create' ? 'creating' : 'updating'} ${resources} resources`,
  }),
  resourceChanged: defineEvent<ResourceEventData, 'deployment.resource.changed'>({
    code: 'deployment.resource.changed',
    level: 'info',
    description: 'a resource of the stack at work entered another status',
    message: resourceLine,
  }),
  resourceFailed: defineEvent<ResourceEventData, 'deployment.resource.failed'>({
    code: 'deployment.resource.failed',
    level: 'warning',
    description: 'a resource of the stack at work failed or was cancelled because another one failed',
    message: resourceLine,
  }),
  stackFinished: defineEvent<
    { stackName: string; outcome: 'created' | 'updated' | 'unchanged'; elapsedMilliseconds: number },
    'deployment.stack.finished'
  >({
    code: 'deployment.stack.finished',
    level: 'info',
    description: 'a stack is as its definition says',
    message: ({ stackName, outcome, elapsedMilliseconds }) =>
      outcome === 'unchanged'
        ? `${stackName}: unchanged`
        : `${stackName}: ${outcome} in ${seconds(elapsedMilliseconds)}`,
  }),
  stackFailed: defineEvent<
    { stackName: string; status: string; logicalId: string | undefined; reason: string },
    'deployment.stack.failed'
  >({
    code: 'deployment.stack.failed',
    level: 'error',
    description: 'a stack operation failed; the error that follows has the same cause',
    message: ({ stackName, status, logicalId, reason }) =>
      `${stackName}: ${status}, ${logicalId === undefined ? '' : `${logicalId}: `}${oneLine(reason)}`,
  }),
  protectionChanged: defineEvent<{ stackName: string; enabled: boolean }, 'deployment.protection.changed'>({
    code: 'deployment.protection.changed',
    level: 'info',
    description: 'termination protection of a stack was switched',
    message: ({ stackName, enabled }) => `${stackName}: termination protection ${enabled ? 'on' : 'off'}`,
  }),
  protectionLeftOff: defineEvent<{ stackName: string; why: string }, 'deployment.protection.left-off'>({
    code: 'deployment.protection.left-off',
    level: 'warning',
    description:
      'a stack could not be deleted, and its termination protection, switched off for that, could not be switched on again',
    message: ({ stackName, why }) =>
      `${stackName}: termination protection is off and could not be switched on again (${oneLine(why)}): aws cloudformation update-termination-protection --enable-termination-protection --stack-name ${stackName}`,
  }),
  policyChanged: defineEvent<{ stackName: string; openFor: readonly string[] }, 'deployment.policy.changed'>({
    code: 'deployment.policy.changed',
    level: 'info',
    description:
      'the stack policy of a stack was set, as its definition says or, for one update, open for named resources',
    message: ({ stackName, openFor }) =>
      openFor.length === 0
        ? `${stackName}: stack policy as defined`
        : `${stackName}: stack policy open for ${openFor.join(', ')} while the update runs`,
  }),
  followStarted: defineEvent<{ stackName: string; status: string }, 'deployment.follow.started'>({
    code: 'deployment.follow.started',
    level: 'info',
    description: 'CloudFormation was at work on a stack already, and that is followed to its end before anything else',
    message: ({ stackName, status }) =>
      `${stackName}: cloudformation is at work on it (${status}), waiting for its end`,
  }),
  followFinished: defineEvent<
    { stackName: string; status: string; logicalId: string | undefined; reason: string | undefined },
    'deployment.follow.finished'
  >({
    code: 'deployment.follow.finished',
    level: 'info',
    description: 'what CloudFormation was at work on has ended; where it failed, with the first cause',
    message: ({ stackName, status, logicalId, reason }) =>
      `${stackName}: ${status}${reason === undefined ? '' : `, ${logicalId === undefined ? '' : `${logicalId}: `}${oneLine(reason)}`}`,
  }),
  rollbackContinued: defineEvent<{ stackName: string; skipped: readonly string[] }, 'deployment.rollback.continued'>({
    code: 'deployment.rollback.continued',
    level: 'warning',
    description: 'the failed rollback of an update was taken up again; skipped resources stay as they are',
    message: ({ stackName, skipped }) =>
      `${stackName}: rolling back again${skipped.length === 0 ? '' : `, without ${skipped.join(', ')}`}`,
  }),
  deletionStarted: defineEvent<{ stackName: string; stackId: string }, 'deployment.deletion.started'>({
    code: 'deployment.deletion.started',
    level: 'info',
    description: 'CloudFormation began to delete a stack',
    message: ({ stackName }) => `${stackName}: deleting`,
  }),
  deletionFinished: defineEvent<{ stackName: string; elapsedMilliseconds: number }, 'deployment.deletion.finished'>({
    code: 'deployment.deletion.finished',
    level: 'info',
    description: 'a stack is gone, apart from the resources that are retained',
    message: ({ stackName, elapsedMilliseconds }) => `${stackName}: deleted in ${seconds(elapsedMilliseconds)}`,
  }),
  stackMissing: defineEvent<{ stackName: string }, 'deployment.stack.missing'>({
    code: 'deployment.stack.missing',
    level: 'info',
    description: 'a stack that was to be deleted does not exist',
    message: ({ stackName }) => `${stackName}: does not exist`,
  }),
  resourceRetained: defineEvent<
    { stackName: string; logicalId: string; type: string; physicalId: string },
    'deployment.resource.retained'
  >({
    code: 'deployment.resource.retained',
    level: 'warning',
    description: 'a resource stays in the account, and on its bill, after its stack was deleted',
    message: ({ stackName, logicalId, type, physicalId }) => `${stackName}: ${logicalId} stays (${type} ${physicalId})`,
  }),
  resourceLeft: defineEvent<{ stackName: string } & LeftBehindResource, 'deployment.resource.left'>({
    code: 'deployment.resource.left',
    level: 'warning',
    description:
      'CloudFormation could not delete a resource after an update, and it belongs to no stack any more: it stays in the account, and on its bill',
    message: ({ stackName, logicalId, type, physicalId, reason }) =>
      `${stackName}: ${logicalId} could not be removed and belongs to no stack any more (${type} ${physicalId}): ${oneLine(reason)}`,
  }),
  artifactUploaded: defineEvent<{ key: string; bytes: number }, 'deployment.artifact.uploaded'>({
    code: 'deployment.artifact.uploaded',
    level: 'info',
    description: 'an artifact is in the bucket, its checksum verified by S3',
    message: ({ key, bytes }) => `uploaded ${key}, ${bytes} bytes`,
  }),
  artifactCorrupt: defineEvent<{ key: string; checksum: string | undefined }, 'deployment.artifact.corrupt'>({
    code: 'deployment.artifact.corrupt',
    level: 'warning',
    description: 'an object under the name of an artifact has another checksum; it is replaced, the old version stays',
    message: ({ key, checksum }) =>
      `${key} holds something else (checksum ${checksum ?? 'missing'}) and is replaced: see who writes to the bucket`,
  }),
  uploadResumed: defineEvent<{ key: string; partsThere: number; parts: number }, 'deployment.upload.resumed'>({
    code: 'deployment.upload.resumed',
    level: 'info',
    description: 'an interrupted upload goes on with the parts that are missing',
    message: ({ key, partsThere, parts }) => `going on with ${key}: ${partsThere} of ${parts} parts are there`,
  }),
  artifactsPruned: defineEvent<
    { bucketName: string; kept: number; deleted: number; freedBytes: number },
    'deployment.artifacts.pruned'
  >({
    code: 'deployment.artifacts.pruned',
    level: 'info',
    description: 'artifacts that nothing names were deleted; the bucket keeps their old versions for a while',
    message: ({ bucketName, kept, deleted, freedBytes }) =>
      `pruned ${bucketName}: ${deleted} artifacts deleted (${freedBytes} bytes), ${kept} kept`,
  }),
  lockWatched: defineEvent<{ holder: LockHolder; leaseMilliseconds: number }, 'deployment.lock.watched'>({
    code: 'deployment.lock.watched',
    level: 'info',
    description: 'somebody has the lock; it is watched for a sign of life',
    message: ({ holder, leaseMilliseconds }) =>
      `the lock is held by ${describeHolder(holder)}; watching for up to ${seconds(leaseMilliseconds)} whether they are alive`,
  }),
  lockTaken: defineEvent<{ bucketName: string; holder: LockHolder }, 'deployment.lock.taken'>({
    code: 'deployment.lock.taken',
    level: 'debug',
    description: 'the lock was free and is held by this run',
    message: ({ bucketName }) => `took the lock in ${bucketName}`,
  }),
  lockTakenOver: defineEvent<
    { bucketName: string; holder: LockHolder; former: LockHolder },
    'deployment.lock.taken-over'
  >({
    code: 'deployment.lock.taken-over',
    level: 'warning',
    description: 'the holder of the lock gave no sign of life or its process is gone, so this run holds it',
    message: ({ former }) => `took over the lock of somebody who is gone: ${describeHolder(former)}`,
  }),
  lockLost: defineEvent<{ bucketName: string; why: string }, 'deployment.lock.lost'>({
    code: 'deployment.lock.lost',
    level: 'error',
    description: 'the lock is not held any more, so the run stops; the error that follows has the same cause',
    message: ({ bucketName, why }) => `lost the lock in ${bucketName}: ${oneLine(why)}`,
  }),
  recordFailed: defineEvent<{ why: string }, 'deployment.record.failed'>({
    code: 'deployment.record.failed',
    level: 'warning',
    description: 'what was deployed could not be written down in the bucket; the deployment itself is not concerned',
    message: ({ why }) => `the deployment could not be written down: ${oneLine(why)}`,
  }),
  lockReleased: defineEvent<{ bucketName: string }, 'deployment.lock.released'>({
    code: 'deployment.lock.released',
    level: 'debug',
    description: 'the lock is free again',
    message: ({ bucketName }) => `gave back the lock in ${bucketName}`,
  }),
  lockImpossible: defineEvent<{ bucketName: string }, 'deployment.lock.impossible'>({
    code: 'deployment.lock.impossible',
    level: 'warning',
    description: 'the bucket of the lock was deleted by hand, so the stacks are deleted without a lock',
    message: ({ bucketName }) =>
      `bucket ${bucketName} is gone although its stack is there: going on without a lock, so let nobody else deploy meanwhile`,
  }),
  lockLeft: defineEvent<{ bucketName: string; why: string; leaseMilliseconds: number }, 'deployment.lock.left'>({
    code: 'deployment.lock.left',
    level: 'warning',
    description: 'the lock could not be deleted after the work; it lapses by itself',
    message: ({ bucketName, why, leaseMilliseconds }) =>
      `the lock in ${bucketName} could not be given back and lapses in ${seconds(leaseMilliseconds)}: ${oneLine(why)}`,
  }),
  driftStarted: defineEvent<{ stackNames: readonly string[] }, 'deployment.drift.started'>({
    code: 'deployment.drift.started',
    level: 'info',
    description:
      'CloudFormation is asked to compare the resources of the stacks with their templates; nothing is changed',
    message: ({ stackNames }) => `comparing the resources of ${stackNames.join(', ')} with their templates`,
  }),
  driftDetected: defineEvent<
    { stackName: string; status: 'in-sync' | 'drifted' | 'unchecked'; counts: Readonly<Record<string, number>> },
    'deployment.drift.detected'
  >({
    code: 'deployment.drift.detected',
    level: 'info',
    description: 'what was changed in a stack behind CloudFormation’s back is known',
    message: ({ stackName, status, counts }) => {
      const parts = Object.entries(counts).filter(([, count]) => count > 0);
      return `${stackName}: ${status}${parts.length === 0 ? '' : ` (${parts.map(([name, count]) => `${count} ${name}`).join(', ')})`}`;
    },
  }),
} as const;

interface ResourceEventData {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** AWS's status, e.g. `CREATE_IN_PROGRESS`. */
  readonly status: string;
  readonly reason: string | undefined;
  readonly physicalId: string | undefined;
  /** Since CloudFormation began with the stack, by its own clock. */
  readonly elapsedMilliseconds: number;
}

function resourceLine({ stackName, logicalId, type, status, reason }: ResourceEventData): string {
  return `${stackName}: ${status} ${logicalId} (${type})${reason === undefined ? '' : `: ${oneLine(reason)}`}`;
}
