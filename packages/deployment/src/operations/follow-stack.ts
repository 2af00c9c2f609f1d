import { silentReporter } from '@jenkins-aws/core';
import { DeploymentError } from '../errors.js';
import { deploymentEvents } from '../events.js';
import { createPacer } from '../internal/create-pacer.js';
import { findLeftBehind, type LeftBehindResource } from '../internal/find-left-behind.js';
import type { StackEventRecord } from '../internal/first-cause.js';
import { isInProgress } from '../internal/judge-status.js';
import { toDeploymentError } from '../to-deployment-error.js';
import type { DeploymentContext } from './deployment-context.js';
import { findStack, type StackSummary } from './get-stack-summaries.js';
import { readNewEvents, type StackHandle } from './read-stack-events.js';

export interface StackEnding {
  readonly stack: StackSummary;
  /** Every event since the start, oldest first. */
  readonly events: readonly StackEventRecord[];
  /** What the stack could not delete, and forgot. */
  readonly leftBehind: readonly LeftBehindResource[];
  /** From the first event to the last, by AWS's clock. */
  readonly elapsedMilliseconds: number;
}

/** After how many looks without news the stack itself is asked, in case that its last event got lost. */
const QUIET_LOOKS = 3;

/**
 * After how many looks without any event an operation that the stack does not show either is given up: two minutes with
 * the default pace, where CloudFormation needs seconds.
 */
const SILENT_LOOKS = 24;

/**
 * How many looks in a row may fail because AWS limits the rate of calls or fails itself: the stack goes on meanwhile, and
 * the pauses between two looks are the backoff. About a minute with the default pace, beside the client's own retries.
 */
const FAILED_LOOKS = 12;

/**
 * Follows a stack until CloudFormation has finished with it, and reports every event after `newestEventId` (all of
 * them where that is undefined), and at the end what the stack could not delete and forgot. One call a look; the stack itself is asked only when an event says
 * that it is over, and after a while without events.
 */
export async function followStack(
  context: DeploymentContext,
  handle: StackHandle,
  newestEventId: string | undefined,
): Promise<StackEnding> {
  const pause = createPacer(context.pollIntervalMilliseconds);
  const known = new Set(newestEventId === undefined ? [] : [newestEventId]);
  const events: StackEventRecord[] = [];
  let quiet = 0;
  let silent = 0;
  let failed = 0;
  for (;;) {
    try {
      const fresh = await readNewEvents(context, handle, known);
      events.push(...fresh);
      for (const event of fresh) report(context, handle, event, elapsed(events, event));
      quiet = fresh.length > 0 ? 0 : quiet + 1;
      const last = events.findLast(({ ofStack }) => ofStack);
      if ((last !== undefined && !isInProgress(last.status)) || (quiet > 0 && quiet % QUIET_LOOKS === 0)) {
        const stack = await findStack(context, handle.stackId);
        const isOver = stack !== undefined && !isInProgress(stack.status);
        // Without any event the operation may not have begun, and the stack would still show its old status.
        if (isOver && (last !== undefined || stack.status === 'DELETE_COMPLETE')) {
          const leftBehind = findLeftBehind(stack.status, events);
          reportLeftBehind(context, handle, leftBehind);
          return { stack, events, leftBehind, elapsedMilliseconds: elapsed(events, events.at(-1)) };
        }
        silent = last === undefined && (isOver || stack === undefined) ? silent + QUIET_LOOKS : 0;
        if (silent >= SILENT_LOOKS) throw silentError(handle, stack?.status);
      }
      failed = 0;
    } catch (error) {
      failed += 1;
      if (failed > FAILED_LOOKS || !passes(error)) throw lookError(error, handle);
    }
    await pause(context.signal).catch((error) => {
      throw lookError(error, handle);
    });
  }
}

/** Whether another look may succeed. */
function passes(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'DEPLOYMENT_THROTTLED' || code === 'DEPLOYMENT_SERVICE_FAILED';
}

function silentError({ stackName }: StackHandle, status = 'no state that can be read'): DeploymentError {
  return new DeploymentError(
    'DEPLOYMENT_STACK_SILENT',
    `cloudformation took the request for stack '${stackName}' and shows no event of it; the stack is in ${status}: look at its events in the console, then run again`,
  );
}

function lookError(error: unknown, { stackName }: StackHandle): DeploymentError {
  const mapped = toDeploymentError(error, { operation: 'DescribeStackEvents', stackName });
  if (mapped.code !== 'DEPLOYMENT_ABORTED') return mapped;
  return new DeploymentError(
    'DEPLOYMENT_ABORTED',
    `stopped watching stack '${stackName}': cloudformation goes on with it. run the same command again to go on`,
    { cause: mapped },
  );
}

function report(
  { reporter = silentReporter }: DeploymentContext,
  { stackName }: StackHandle,
  { ofStack, logicalId, type, status, reason, physicalId }: StackEventRecord,
  elapsedMilliseconds: number,
): void {
  if (ofStack) return;
  const data = { stackName, logicalId, type, status, reason, physicalId, elapsedMilliseconds };
  reporter.report(
    status.endsWith('_FAILED') ? deploymentEvents.resourceFailed(data) : deploymentEvents.resourceChanged(data),
  );
}

function reportLeftBehind(
  { reporter = silentReporter }: DeploymentContext,
  { stackName }: StackHandle,
  leftBehind: readonly LeftBehindResource[],
): void {
  for (const resource of leftBehind) reporter.report(deploymentEvents.resourceLeft({ stackName, ...resource }));
}

function elapsed(events: readonly StackEventRecord[], event: StackEventRecord | undefined): number {
  return Math.max(0, (event?.at?.getTime() ?? 0) - (events[0]?.at?.getTime() ?? 0));
}
