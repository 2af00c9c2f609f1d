import { asRecord } from './read-template.js';

/** Who holds the lock of a deployment, and why. Everybody who may read the bucket reads it: no secrets. */
export interface LockHolder {
  /** The AWS identity, e.g. the ARN that STS's GetCallerIdentity tells. */
  readonly identity: string;
  /** The name of the machine, for people: names repeat, so nothing is decided by it alone. */
  readonly host: string;
  readonly processId: number;
  /**
   * Where the process id means something: the same for two processes only where one can see whether the other runs, e.g.
   * the id of the boot and of the process namespace. Default: not known, nobody then concludes anything from the id.
   */
  readonly processSpace?: string;
  /** When the process began, in any form, so that a later process with the same id is told apart. Default: not known. */
  readonly processStart?: string;
  /** When the work began, ISO 8601 in UTC, e.g. `2026-11-24T14:03:41Z`. */
  readonly since: string;
  /** What is being done, e.g. `deploy ci`. */
  readonly what: string;
}

/** The lock as it lies in the bucket. */
export interface LockDocument {
  /** Unlike for any other holder, also for one in the same process. */
  readonly id: string;
  /** Grows with each sign of life: the ETag is a digest of the content, which has to change for it. */
  readonly renewals: number;
  readonly holder: LockHolder;
}

const FORMAT_VERSION = 1;

export function renderLock({ id, renewals, holder }: LockDocument): string {
  const { identity, host, processId, processSpace, processStart, since, what } = holder;
  const named = { identity, host, processId, processSpace, processStart, since, what };
  return JSON.stringify({ formatVersion: FORMAT_VERSION, id, renewals, ...named });
}

/** Reads a lock. What somebody else's version or hand wrote is a lock all the same, of a holder who is unknown. */
export function parseLock(text: string): LockDocument {
  const { id, renewals, identity, host, processId, processSpace, processStart, since, what } = readRecord(text);
  const word = (value: unknown) => (typeof value === 'string' && value !== '' ? value : 'unknown');
  const whole = (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : 0);
  const holder = {
    identity: word(identity),
    host: word(host),
    processId: whole(processId),
    ...(typeof processSpace === 'string' && { processSpace }),
    ...(typeof processStart === 'string' && { processStart }),
    since: word(since),
    what: word(what),
  };
  return { id: word(id), renewals: whole(renewals), holder };
}

function readRecord(text: string): Record<string, unknown> {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return {};
  }
}

/** One line that says who holds the lock, where, since when and for what. */
export function describeHolder({ identity, host, processId, since, what }: LockHolder): string {
  return `${identity} on ${host} (process ${processId}), since ${since}, doing: ${what}`;
}
