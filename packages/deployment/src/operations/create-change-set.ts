import { randomUUID } from 'node:crypto';
import { CreateChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { DeploymentError } from '../errors.js';
import { createPacer } from '../internal/create-pacer.js';
import { hintForReason } from '../internal/hint-for-reason.js';
import type { StackDefinition } from '../options/stack-definition.js';
import type { ResourceChange } from '../plan/resource-change.js';
import { toDeploymentError } from '../to-deployment-error.js';
import { deleteChangeSet, deleteUnfinishedStack } from './delete-leftovers.js';
import { call, type DeploymentContext, withoutSignal, withRole } from './deployment-context.js';
import { readChangeSet } from './read-change-set.js';
import { findValidationFailure } from './read-stack-events.js';
import { templateSource } from './template-source.js';

/** What the name of every change set of this package begins with, so that leftovers can be told apart. */
export const CHANGE_SET_PREFIX = 'jenkins-aws-';

/**
 * Templates that make roles need CAPABILITY_IAM, roles with names of their own need CAPABILITY_NAMED_IAM. The review
 * shows every role and policy before it is made, which is the acknowledgement that the capabilities stand for.
 */
const CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] as const;

/** The reasons by which CloudFormation says that there is nothing to do. */
const NO_CHANGES = /didn't contain changes|no updates are to be performed/i;

/**
 * How CloudFormation says that an SSM parameter that the template reads does not exist, as a refused call or as the
 * reason of a failed change set: AWS first, then the embedded AWS.
 */
const MISSING_INPUT = /Unable to fetch parameters \[.*\] from parameter store|failed to resolve: SSM parameter/i;

/** Whether a change set could not be made only because an SSM parameter that its template reads does not exist. */
export function isMissingInput(error: unknown): boolean {
  return (
    error instanceof DeploymentError &&
    (error.code === 'DEPLOYMENT_REQUEST_REFUSED' || error.code === 'DEPLOYMENT_CHANGE_SET_FAILED') &&
    MISSING_INPUT.test(error.message)
  );
}

export interface ChangeSet {
  /** Undefined when there is nothing to do; CloudFormation keeps no executable change set then. */
  readonly changeSetId: string | undefined;
  readonly stackId: string;
  readonly changes: readonly ResourceChange[];
}

/**
 * Creates a change set and waits until its changes are known. A failed or unwatched one is deleted again. `tags` are
 * all that the stack shall have; undefined leaves them as they are.
 */
export async function createChangeSet(
  context: DeploymentContext,
  definition: StackDefinition,
  type: 'CREATE' | 'UPDATE',
  tags: Readonly<Record<string, string>> | undefined,
): Promise<ChangeSet> {
  const { name } = definition;
  const changeSetName = `${CHANGE_SET_PREFIX}${randomUUID()}`;
  const command = new CreateChangeSetCommand({
    StackName: name,
    ChangeSetName: changeSetName,
    // A repeated request whose first answer got lost is the same request.
    ClientToken: changeSetName,
    ChangeSetType: type,
    ...(await templateSource(context, definition)),
    Parameters: Object.entries(definition.parameters ?? {}).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Capabilities: [...CAPABILITIES],
    ...withRole(context),
    ...(tags === undefined ? {} : { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
  });
  const { Id: changeSetId = '', StackId: stackId = '' } = await call('CreateChangeSet', name, () =>
    // Not abortable: a change set whose id nobody learnt would stay behind.
    context.cloudFormation.send(command),
  );
  try {
    const { status, reason, changes } = await waitForChanges(context, definition, changeSetId);
    if (status !== 'FAILED') return { changeSetId, stackId, changes };
    if (NO_CHANGES.test(reason) && type === 'UPDATE') {
      await deleteChangeSet(context, name, changeSetId);
      return { changeSetId: undefined, stackId, changes: [] };
    }
    throw await changeSetError(context, name, changeSetId, reason);
  } catch (error) {
    await deleteChangeSet(withoutSignal(context), name, changeSetId).catch(() => {});
    if (type === 'CREATE') await deleteUnfinishedStack(withoutSignal(context), name, stackId).catch(() => {});
    throw toDeploymentError(error, { operation: 'DescribeChangeSet', stackName: name });
  }
}

async function changeSetError(context: DeploymentContext, stackName: string, changeSetId: string, reason: string) {
  const invalid = MISSING_INPUT.test(reason)
    ? undefined
    : await findValidationFailure(context, { ChangeSetName: changeSetId }, undefined);
  const resource = invalid?.logicalId === undefined ? '' : `${invalid.logicalId} (${invalid.type}): `;
  const why = invalid === undefined ? reason || 'it gave no reason' : `${resource}${invalid.reason}`;
  const hint = hintForReason(why);
  return new DeploymentError(
    'DEPLOYMENT_CHANGE_SET_FAILED',
    `cloudformation could not compute the changes of stack '${stackName}': ${why}`,
    hint === undefined ? {} : { hint },
  );
}

async function waitForChanges(context: DeploymentContext, definition: StackDefinition, changeSetId: string) {
  const pause = createPacer(context.pollIntervalMilliseconds);
  for (;;) {
    const reading = await readChangeSet(context, definition, changeSetId);
    if (!/_(PENDING|IN_PROGRESS)$/.test(reading.status)) return reading;
    await pause(context.signal);
  }
}
