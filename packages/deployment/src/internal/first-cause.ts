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
const CANCELLED = /^resource (creation|update|deletion|create|delete) cancell?ed/i;

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

const HINTS: readonly (readonly [pattern: RegExp, hint: (match: RegExpExecArray) => string])[] = [
  [
    /not authorized to perform: ?([\w-]+:\w+)/i,
    (match) => `have ${match[1]} granted to the credentials or role that deploys`,
  ],
  [/already exists/i, () => 'something of this name is in the account already: rename one of the two or remove it'],
  [/limit ?exceeded|quota|maximum number of/i, () => 'an AWS quota is reached: have it raised in Service Quotas'],
  [
    /failure signal|signals? .*(not received|timed? ?out)|received 0 .*signal|failed to receive \d+ .*signal/i,
    () => "the instance never reported success: read its boot log (EC2 'get system log', or its log group)",
  ],
  [/dependent object|DependencyViolation|has dependencies/i, () => 'something else still uses it: remove that first'],
  [
    /insufficient.*capacity/i,
    () => 'the zone has no such instance now: allow another instance type or zone, or try later',
  ],
];

/** What a person may do about AWS's reason. Undefined when the reason has to speak for itself. */
export function hintForReason(reason: string): string | undefined {
  for (const [pattern, hint] of HINTS) {
    const match = pattern.exec(reason);
    if (match !== null) return hint(match);
  }
  return undefined;
}
