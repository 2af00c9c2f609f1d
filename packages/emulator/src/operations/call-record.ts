import type { EmulatorLocation } from '../internal/directories.js';
import { askOwnPath } from './ask-own-path.js';

/** How often one operation was called by one kind of caller. */
export interface RecordedCalls {
  /** As in an IAM policy, e.g. `elasticfilesystem`. */
  readonly service: string;
  /** As AWS's API calls it, e.g. `HeadObject`; `Unknown` for a request that no service model describes. */
  readonly operation: string;
  /** What a policy has to allow for it, e.g. `s3:GetObject`. */
  readonly action: string;
  /** `caller`: a program. `cloudformation`: a stack on its behalf. `autoscaling`: a group. */
  readonly by: 'caller' | 'cloudformation' | 'autoscaling';
  readonly count: number;
  /** How the calls ended: `ok` or an error code, with their numbers. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/**
 * Every API call since the emulator's start or the last `clearCallRecord`, sorted by action. What CloudFormation calls
 * for a resource is named by its main operations, not by every look that it takes.
 *
 * @throws EmulatorError `EMULATOR_NOT_RUNNING`.
 */
export async function getCallRecord(location: EmulatorLocation): Promise<readonly RecordedCalls[]> {
  return askOwnPath(location, 'GET', 'calls');
}

/**
 * Empties the record.
 *
 * @throws EmulatorError `EMULATOR_NOT_RUNNING`.
 */
export async function clearCallRecord(location: EmulatorLocation): Promise<void> {
  await askOwnPath(location, 'DELETE', 'calls');
}
