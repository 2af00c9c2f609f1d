import { asRecord } from './read-template.js';

/** What one deployment did: kept so that its artifacts stay, and so that people can see who deployed what. No secrets. */
export interface DeploymentRecord {
  /** Unlike for any other deployment, e.g. a UUID. */
  readonly id: string;
  /** When it ended, ISO 8601 in UTC, e.g. `2026-11-24T14:03:41.000Z`. */
  readonly at: string;
  /** The AWS identity, e.g. the ARN that STS's GetCallerIdentity tells. */
  readonly identity: string;
  readonly stacks: readonly DeployedStack[];
  /** The artifacts that the stacks use, e.g. `artifacts/sha256/<digest>.zip`. */
  readonly artifactKeys: readonly string[];
}

export interface DeployedStack {
  readonly name: string;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'removed' | 'failed';
  /** Hex, of the template's text. Undefined for a removed stack. */
  readonly templateSha256?: string;
}

export const RECORD_PREFIX = 'deployments/';

/** The object of a record. Keys sort by time; no colons, which some tools cannot have in a file's name. */
export function recordKey({ at, id }: Pick<DeploymentRecord, 'at' | 'id'>): string {
  return `${RECORD_PREFIX}${at.replaceAll(/[:-]/g, '')}-${id}.json`;
}

const FORMAT_VERSION = 1;

export function renderRecord(record: DeploymentRecord): string {
  return JSON.stringify({ formatVersion: FORMAT_VERSION, ...record }, null, 1);
}

/** Reads a record; undefined for what is none, or of a later format. */
export function parseRecord(text: string): DeploymentRecord | undefined {
  try {
    const { formatVersion, id, at, identity, stacks, artifactKeys } = asRecord(JSON.parse(text));
    if (formatVersion !== FORMAT_VERSION || !Array.isArray(stacks) || !Array.isArray(artifactKeys)) return undefined;
    return { id, at, identity, stacks, artifactKeys } as DeploymentRecord;
  } catch {
    return undefined;
  }
}
