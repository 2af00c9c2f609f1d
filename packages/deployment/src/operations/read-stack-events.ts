import {
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  type DescribeStackEventsCommandOutput,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import type { StackEventRecord } from '../internal/first-cause.js';
import { isInProgress } from '../internal/judge-status.js';
import { abortable, call, type DeploymentContext } from './deployment-context.js';

/** A stack under its name for people and its id for calls: an id still answers after the stack is deleted. */
export interface StackHandle {
  readonly stackName: string;
  readonly stackId: string;
}

/** The id of the stack's newest event, to tell later ones from those that were there before. */
export async function findNewestEventId(context: DeploymentContext, stack: StackHandle): Promise<string | undefined> {
  const { StackEvents } = await readPage(context, stack, undefined);
  return StackEvents?.[0]?.EventId;
}

/**
 * The id of the last event before CloudFormation began with what it is at work on, or was at work on last. Undefined
 * where that is the first that ever happened to the stack.
 */
export async function findEventBeforeOperation(
  context: DeploymentContext,
  stack: StackHandle,
): Promise<string | undefined> {
  const events = await readNewEvents(context, stack, new Set());
  const isWork = ({ status }: StackEventRecord) => status !== 'REVIEW_IN_PROGRESS' && isInProgress(status);
  let begun = -1;
  let atWork = false;
  events.forEach((event, index) => {
    if (!event.ofStack) return;
    if (isWork(event) && (!atWork || event.status === 'DELETE_IN_PROGRESS')) begun = index;
    atWork = isWork(event);
  });
  return events[begun - 1]?.eventId;
}

/**
 * The events that `known` does not hold, oldest first. CloudFormation hands them out newest first, so reading ends at
 * the first known one. Adds what it returns to `known`, once all of it is read: what fails half way is read again.
 */
export async function readNewEvents(
  context: DeploymentContext,
  stack: StackHandle,
  known: Set<string>,
): Promise<StackEventRecord[]> {
  const fresh = new Map<string, StackEventRecord>();
  let token: string | undefined;
  let isComplete = false;
  while (!isComplete) {
    const page = await readPage(context, stack, token);
    token = page.NextToken || undefined;
    isComplete = token === undefined;
    for (const event of page.StackEvents ?? []) {
      const record = toRecord(event, stack.stackId);
      if (known.has(record.eventId)) {
        isComplete = true;
        break;
      }
      // An event that arrives between two pages pushes others onto the next page, which then repeats them.
      if (!fresh.has(record.eventId)) fresh.set(record.eventId, record);
    }
  }
  for (const eventId of fresh.keys()) known.add(eventId);
  return [...fresh.values()].reverse();
}

/**
 * What CloudFormation found wrong before it made anything: it says so in a second list, to which the stack's event or
 * the change set's reason only points. Undefined when there is nothing, or when the credentials may not look.
 */
export async function findValidationFailure(
  context: DeploymentContext,
  subject: { readonly StackName: string } | { readonly ChangeSetName: string },
  since: Date | undefined,
): Promise<{ logicalId: string | undefined; type: string | undefined; reason: string } | undefined> {
  try {
    const command = new DescribeEventsCommand({ ...subject, Filters: { FailedEvents: true } });
    const { OperationEvents } = await context.cloudFormation.send(command, abortable(context));
    const event = OperationEvents?.find(
      ({ ValidationStatusReason, Timestamp }) => ValidationStatusReason && !(since && Timestamp && Timestamp < since),
    );
    if (event?.ValidationStatusReason === undefined) return undefined;
    const { LogicalResourceId, ResourceType, ValidationStatusReason, ValidationPath } = event;
    const place = ValidationPath ? ` at ${ValidationPath}` : '';
    return { logicalId: LogicalResourceId, type: ResourceType, reason: `${ValidationStatusReason}${place}` };
  } catch {
    return undefined;
  }
}

function readPage(
  context: DeploymentContext,
  { stackName, stackId }: StackHandle,
  token: string | undefined,
): Promise<DescribeStackEventsCommandOutput> {
  const command = new DescribeStackEventsCommand({ StackName: stackId, NextToken: token });
  return call('DescribeStackEvents', stackName, () => context.cloudFormation.send(command, abortable(context)));
}

function toRecord(event: StackEvent, stackId: string): StackEventRecord {
  return {
    eventId: event.EventId ?? '',
    logicalId: event.LogicalResourceId ?? '',
    physicalId: event.PhysicalResourceId || undefined,
    type: event.ResourceType ?? 'unknown',
    status: event.ResourceStatus ?? 'UNKNOWN',
    reason: event.ResourceStatusReason || undefined,
    at: event.Timestamp,
    ofStack: event.PhysicalResourceId === stackId,
  };
}
