/** What a running emulator says of itself, in its record file and to whoever asks. */
export interface EmulatorRecord {
  readonly pid: number;
  readonly port: number;
  /** When it started, ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly stateDirectory: string;
  /** Of the overlay files and the locked packages that it runs. */
  readonly digest: string;
  readonly accountId: string;
  readonly versions: { readonly ministack: string; readonly python: string };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The record in `value`, or none when `value` is anything else: a half-written file, a foreign health answer. */
export function parseRecord(value: unknown): EmulatorRecord | undefined {
  if (!isObject(value) || !isObject(value.versions)) return undefined;
  const { pid, port, startedAt, stateDirectory, digest, accountId, versions } = value;
  if (!Number.isInteger(pid) || !Number.isInteger(port)) return undefined;
  const texts = [startedAt, stateDirectory, digest, accountId, versions.ministack, versions.python];
  if (!texts.every((text) => typeof text === 'string' && text !== '')) return undefined;
  return value as unknown as EmulatorRecord;
}

/** The record file: only who may read it knows the token. */
export interface WrittenRecord extends EmulatorRecord {
  readonly token: string;
}

/** The record file's content in `value`, or none when it is anything else. */
export function parseWrittenRecord(value: unknown): WrittenRecord | undefined {
  const record = parseRecord(value);
  if (record === undefined || !isObject(value) || typeof value.token !== 'string') return undefined;
  return value.token === '' ? undefined : { ...record, token: value.token };
}
