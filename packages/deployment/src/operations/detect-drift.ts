import {
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  type StackResourceDrift,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import { createPacer } from '../internal/create-pacer.js';
import { runGraph } from '../internal/run-graph.js';
import {
  countDrift,
  judgeDrift,
  type PropertyDrift,
  type ResourceDrift,
  type ResourceDriftStatus,
  type StackDrift,
} from '../plan/resource-drift.js';
import { toDeploymentError } from '../to-deployment-error.js';
import { abortable, call, type DeploymentContext } from './deployment-context.js';
import { listStackResources } from './find-retained-resources.js';
import { findStack, type StackSummary } from './get-stack-summaries.js';

export interface DetectDriftOptions extends DeploymentContext {
  readonly stackNames: readonly string[];
}

/**
 * Compares every resource of the stacks with what their templates say, at most eight stacks at once, in the order
 * given. CloudFormation compares only the properties that a template sets, and not every type; what it did not compare is
 * `unchecked`, with the reason, and never counts as good. A stack that does not exist, is at work or failed is `unchecked` as a whole.
 * A nested stack is one resource: name it to have it compared.
 *
 * Takes from seconds to minutes a stack. Nothing is changed but the stack's own record of its last comparison.
 *
 * Permissions: `cloudformation:DescribeStacks`, `DetectStackDrift`, `DetectStackResourceDrift`,
 * `DescribeStackDriftDetectionStatus` (on all stacks), `DescribeStackResourceDrifts` and `ListStackResources`, and those
 * that read the resources, for CloudFormation asks with the caller's. Costs nothing.
 *
 * @throws DeploymentError when the account cannot be asked, or DEPLOYMENT_ABORTED when the signal went off
 */
export async function detectDrift(options: DetectDriftOptions): Promise<readonly StackDrift[]> {
  const { stackNames, reporter = silentReporter } = options;
  if (stackNames.length > 0) reporter.report(deploymentEvents.driftStarted({ stackNames }));
  const stacks = stackNames.map((name) => ({ name }));
  const { results, failures } = await runGraph(stacks, ({ name }) => compareStack(options, name));
  if (failures[0] !== undefined) throw failures[0].error;
  return stackNames.flatMap((name) => results.get(name) ?? []);
}

async function compareStack(context: DeploymentContext, stackName: string): Promise<StackDrift> {
  const drift = await lookAt(context, stackName);
  context.reporter?.report(
    deploymentEvents.driftDetected({ stackName, status: drift.status, counts: countDrift(drift.resources) }),
  );
  return drift;
}

async function lookAt(context: DeploymentContext, stackName: string): Promise<StackDrift> {
  const stack = await findStack(context, stackName);
  if (stack === undefined) {
    return { stackName, stackId: undefined, status: 'unchecked', reason: 'there is no such stack', resources: [] };
  }
  const { stackId } = stack;
  const { startedAt, reason } = await runDetection(context, stack);
  const compared = startedAt === undefined ? new Map() : await readDrifts(context, stack, startedAt);
  const resources = (await listStackResources(context, stack))
    .filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE')
    .map((resource) => toResourceDrift(resource, compared, reason));
  return { stackName, stackId, status: judgeDrift(resources, reason), reason, resources };
}

interface Detection {
  /** When it began, by CloudFormation's clock. Undefined where it was refused. */
  readonly startedAt: Date | undefined;
  /** Why it could not be made, or not be finished for every resource. */
  readonly reason: string | undefined;
}

/** Runs the comparison to its end. */
async function runDetection(context: DeploymentContext, { stackName, stackId }: StackSummary): Promise<Detection> {
  let id: string | undefined;
  try {
    const command = new DetectStackDriftCommand({ StackName: stackId });
    id = (await context.cloudFormation.send(command, abortable(context))).StackDriftDetectionId;
  } catch (error) {
    // The states in which CloudFormation compares nothing, and a comparison that somebody else has under way.
    const { name, message } = error as { name?: string; message?: string };
    if (name === 'ValidationError' || name === 'OperationInProgressException') {
      return { startedAt: undefined, reason: String(message).trim() };
    }
    throw toDeploymentError(error, { operation: 'DetectStackDrift', stackName });
  }
  const pause = createPacer(context.pollIntervalMilliseconds);
  for (;;) {
    const command = new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: id });
    const detection = await call('DescribeStackDriftDetectionStatus', stackName, () =>
      context.cloudFormation.send(command, abortable(context)),
    );
    const { DetectionStatus, DetectionStatusReason, Timestamp: startedAt } = detection;
    if (DetectionStatus === 'DETECTION_COMPLETE') return { startedAt, reason: undefined };
    if (DetectionStatus === 'DETECTION_FAILED') {
      return { startedAt, reason: DetectionStatusReason?.trim() || 'the comparison failed, AWS gives no reason' };
    }
    await pause(context.signal).catch((error) => {
      throw toDeploymentError(error, { operation: 'DetectStackDrift', stackName });
    });
  }
}

/** The results by logical id. A resource that failed this time still carries the result of an earlier look: not those. */
async function readDrifts(
  context: DeploymentContext,
  { stackName, stackId }: StackSummary,
  startedAt: Date,
): Promise<ReadonlyMap<string, StackResourceDrift>> {
  const drifts = new Map<string, StackResourceDrift>();
  let token: string | undefined;
  do {
    const command = new DescribeStackResourceDriftsCommand({ StackName: stackId, NextToken: token });
    const page = await call('DescribeStackResourceDrifts', stackName, () =>
      context.cloudFormation.send(command, abortable(context)),
    );
    for (const drift of page.StackResourceDrifts ?? []) {
      if (drift.Timestamp !== undefined && drift.Timestamp >= startedAt)
        drifts.set(drift.LogicalResourceId ?? '', drift);
    }
    token = page.NextToken || undefined;
  } while (token !== undefined);
  return drifts;
}

const STATUSES: Readonly<Record<string, ResourceDriftStatus>> = {
  IN_SYNC: 'in-sync',
  MODIFIED: 'modified',
  DELETED: 'deleted',
};
const KINDS: Readonly<Record<string, PropertyDrift['kind']>> = { ADD: 'added', REMOVE: 'removed' };

function toResourceDrift(
  { LogicalResourceId: logicalId = '', ResourceType: type = 'unknown', PhysicalResourceId }: StackResourceSummary,
  compared: ReadonlyMap<string, StackResourceDrift>,
  stackReason: string | undefined,
): ResourceDrift {
  const drift = compared.get(logicalId);
  const physicalId = PhysicalResourceId || undefined;
  const status = STATUSES[drift?.StackResourceDriftStatus ?? ''] ?? 'unchecked';
  const differences = (drift?.PropertyDifferences ?? []).map(
    ({ PropertyPath = '', DifferenceType, ExpectedValue = '', ActualValue = '' }): PropertyDrift => ({
      path: PropertyPath,
      kind: KINDS[DifferenceType ?? ''] ?? 'changed',
      expected: ExpectedValue === 'null' ? '' : ExpectedValue,
      actual: ActualValue === 'null' ? '' : ActualValue,
    }),
  );
  const reason =
    status === 'unchecked'
      ? drift?.DriftStatusReason?.trim() || stackReason || `CloudFormation does not compare resources of type ${type}`
      : undefined;
  return { logicalId, type, physicalId, status, differences, reason };
}
