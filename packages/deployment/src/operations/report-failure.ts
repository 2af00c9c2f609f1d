import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { silentReporter } from '@jenkins-aws/core';
import { DeploymentError, type StackFailure } from '../errors.js';
import { deploymentEvents } from '../events.js';
import { defined } from '../internal/defined.js';
import { explainReason } from '../internal/explain-reason.js';
import { findHolders } from '../internal/find-holders.js';
import { findFirstCause, findInstanceId, nestedStackOf, type StackEventRecord } from '../internal/first-cause.js';
import { hintForReason } from '../internal/hint-for-reason.js';
import { judgeStatus } from '../internal/judge-status.js';
import { locateInTemplate, pathInReason } from '../plan/locate-in-template.js';
import { changingActionsOf } from '../plan/permissions/find-actions.js';
import { call, type DeploymentContext } from './deployment-context.js';
import { followStack, type StackEnding } from './follow-stack.js';
import { readDeployedTemplate } from './read-deployed-template.js';
import { findNewestEventId, findValidationFailure, readNewEvents, type StackHandle } from './read-stack-events.js';

type Action = 'create' | 'update' | 'delete';

/** How deep nested stacks are followed. A person nests two or three deep; this is for those that nest themselves. */
const DEEPEST = 10;

/**
 * Finds out why a stack operation failed, removes what a failed creation left, and makes the error that says so.
 *
 * @param templateBody the template of the operation; default: the one that the stack has
 */
export async function reportFailure(
  context: DeploymentContext,
  handle: StackHandle,
  ending: StackEnding,
  action: Action,
  templateBody?: string,
): Promise<DeploymentError> {
  const { reporter = silentReporter } = context;
  const { stackName, stackId } = handle;
  const cause = await findCause(context, handle, ending);
  const place = await findPlace(context, cause.nested ?? handle, cause, cause.nested ? undefined : templateBody);
  const status =
    ending.stack.status === 'ROLLBACK_COMPLETE' && action === 'create'
      ? await removeRolledBackStack(context, handle)
      : ending.stack.status;
  const { logicalId, type, reason, nested, instanceId } = cause;
  const { text, operation, missingPermission, deniedResource, deniedBy, policyArn } = explainReason(reason);
  const failure: StackFailure = {
    ...{ stackName, stackId, status, logicalId, type, reason },
    ...defined({ instanceId, operation, missingPermission, deniedResource, deniedBy, policyArn }),
    ...defined({ nestedStackName: nested?.stackName, templatePointer: place?.pointer, templateLine: place?.line }),
  };
  reporter.report(deploymentEvents.stackFailed({ stackName, status, logicalId, reason }));
  const inside = nested === undefined ? '' : ` in nested stack '${nested.stackName}'`;
  const at = place === undefined ? '' : `, line ${place.line} of its template`;
  const what = logicalId === undefined ? '' : `${logicalId} (${type})${inside}${at}: `;
  const holders = action === 'delete' ? findHolders(type, cause.physicalId) : undefined;
  const hints = [
    hintForReason(reason, candidatesFor(type, action)),
    holders && `${holders} shows what holds it`,
    aftermath(status, action),
  ].filter((hint) => hint !== undefined);
  return new DeploymentError(
    action === 'delete' ? 'DEPLOYMENT_DELETE_FAILED' : 'DEPLOYMENT_STACK_FAILED',
    `could not ${action} stack '${stackName}', ${what}${text}`,
    { failure, ...(hints.length === 0 ? {} : { hint: hints.join('. ') }) },
  );
}

interface Cause {
  readonly logicalId: string | undefined;
  readonly type: string | undefined;
  readonly reason: string;
  readonly physicalId?: string | undefined;
  readonly instanceId?: string | undefined;
  /** The nested stack of the resource. */
  readonly nested?: StackHandle | undefined;
}

async function findCause(
  context: DeploymentContext,
  handle: StackHandle,
  { stack, events }: StackEnding,
): Promise<Cause> {
  const found = await findFailedResource(context, events);
  if (found !== undefined) return found;
  const validation = await findValidationFailure(context, { StackName: handle.stackId }, events[0]?.at);
  if (validation !== undefined) return validation;
  const reason =
    findFirstCause(events)?.reason ?? stack.statusReason ?? `it ended in ${stack.status} and AWS gives no reason`;
  return { logicalId: undefined, type: undefined, reason };
}

/** The resource that failed first. A nested stack fails because something in it did, so its own events are asked. */
async function findFailedResource(
  context: DeploymentContext,
  events: readonly StackEventRecord[],
  nested?: StackHandle,
  depth = 0,
): Promise<Cause | undefined> {
  const event = findFirstCause(events);
  if (event === undefined || event.ofStack) return undefined;
  const inner = nestedStackOf(event);
  if (inner !== undefined && depth < DEEPEST) {
    const handle = { stackName: inner.split('/')[1] ?? event.logicalId, stackId: inner };
    const since = events[0]?.at;
    const innerEvents = await readNewEvents(context, handle, new Set()).catch(() => []);
    const recent = innerEvents.filter(({ at }) => since === undefined || at === undefined || at >= since);
    const deeper = await findFailedResource(context, recent, handle, depth + 1);
    if (deeper !== undefined) return deeper;
  }
  const { logicalId, type, physicalId, reason = '' } = event;
  return { logicalId, type, physicalId, reason, instanceId: findInstanceId(events, event), nested };
}

/** Where the resource stands in its template. A place that cannot be found must not hide the cause. */
async function findPlace(
  context: DeploymentContext,
  handle: StackHandle,
  { logicalId, reason }: Cause,
  templateBody: string | undefined,
) {
  if (logicalId === undefined) return undefined;
  const body = templateBody ?? (await readDeployedTemplate(context, handle, 'Original').catch(() => ''));
  return locateInTemplate(body, logicalId, pathInReason(reason));
}

/** Among which permissions one is missing, where AWS only says that one is. */
function candidatesFor(type: string | undefined, action: Action): readonly string[] {
  return type === undefined ? [] : changingActionsOf(type, action);
}

/** A rolled back first creation holds nothing and takes no update: it would only be in the way of the next attempt. */
async function removeRolledBackStack(context: DeploymentContext, handle: StackHandle): Promise<string> {
  const { reporter: _, ...quiet } = context;
  try {
    const newestEventId = await findNewestEventId(quiet, handle);
    const command = new DeleteStackCommand({ StackName: handle.stackId });
    await call('DeleteStack', handle.stackName, () => context.cloudFormation.send(command));
    return (await followStack(quiet, handle, newestEventId)).stack.status;
  } catch {
    // The cause of the failed creation is what the caller has to hear; the status says that the stack is still there.
    return 'ROLLBACK_COMPLETE';
  }
}

function aftermath(status: string, action: 'create' | 'update' | 'delete'): string | undefined {
  if (status === 'DELETE_COMPLETE') return 'what had been made was removed again, run again when the cause is gone';
  if (status === 'UPDATE_ROLLBACK_COMPLETE') return 'the stack is back to what it was before';
  if (action === 'delete') {
    return `the stack is in ${status}, with what is left of it: when that is out of the way, run the same again, and the deletion goes on`;
  }
  const readiness = judgeStatus(status);
  if (readiness.kind === 'leftover') return `the stack is still there in ${status}: the next run deletes it first`;
  return readiness.kind === 'stuck' ? `the stack is in ${status}: ${readiness.wayOut}` : undefined;
}
