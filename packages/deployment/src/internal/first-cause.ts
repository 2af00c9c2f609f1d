/** A stack event in the words of this package. */
export interface StackEventRecord {
  readonly eventId: string;
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly at: Date | undefined;
  /** Whether the event is about the stack itself. */
  readonly ofStack: boolean;
}

/** What CloudFormation writes on the siblings of the resource that really failed. */
const CANCELLED = /^resource (creation|update|deletion|import|create|delete)( was)? cancell?ed/i;

const NESTED_STACK = 'AWS::CloudFormation::Stack';

/**
 * The event that names the first real cause, of events in the order in which they happened: the first failed resource
 * that was not merely cancelled, else the first failure of the stack itself. Undefined when no event says why.
 */
export function findFirstCause(events: readonly StackEventRecord[]): StackEventRecord | undefined {
  const failed = events.filter(
    ({ status, reason, ofStack }) =>
      (status.endsWith('_FAILED') || (ofStack && status.endsWith('ROLLBACK_IN_PROGRESS'))) &&
      reason !== undefined &&
      !CANCELLED.test(reason),
  );
  return failed.find(({ ofStack }) => !ofStack) ?? failed[0];
}

/** The ARN of the nested stack that made the resource fail, where it is one. */
export function nestedStackOf({ type, physicalId, reason }: StackEventRecord): string | undefined {
  if (type !== NESTED_STACK) return undefined;
  return /arn:[\w-]+:cloudformation:[\w-]+:\d+:stack\/[\w-]+\/[\w-]+/.exec(`${physicalId} ${reason}`)?.[0];
}

const INSTANCE_ID = /\bi-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/;

/** What CloudFormation writes on a resource when an instance reports that it failed, before it fails the resource. */
const FAILURE_SIGNAL = /^received failure signal with uniqueid/i;

/**
 * The instance to blame for the failed resource: the one that its reason names, the one that sent the first failure
 * signal, or the resource itself. Other events of the resource also name instances, such as those that a rolling update
 * removes, so they are not asked.
 */
export function findInstanceId(
  events: readonly StackEventRecord[],
  { logicalId, reason, physicalId, type }: StackEventRecord,
): string | undefined {
  const signal = events.find((e) => !e.ofStack && e.logicalId === logicalId && FAILURE_SIGNAL.test(e.reason ?? ''));
  const itself = type === 'AWS::EC2::Instance' ? physicalId : undefined;
  return [reason, signal?.reason, itself].map((text) => INSTANCE_ID.exec(text ?? '')?.[0]).find(Boolean);
}
