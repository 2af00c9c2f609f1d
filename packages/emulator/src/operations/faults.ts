import { type Reporter, silentReporter } from '@jenkins-aws/core';
import { emulatorEvents } from '../events.js';
import type { EmulatorLocation } from '../internal/directories.js';
import { askOwnPath } from './ask-own-path.js';

/** Lets a share of the calls to a service fail. Of several rules that fit a call the first that strikes decides. */
export interface FaultRule {
  /** As in an IAM policy (`ec2`, `elasticfilesystem`) or as SDKs call it (`efs`, `elbv2`); `*` for every service. */
  readonly service: string;
  /** E.g. `RunInstances`; `*` for every operation. */
  readonly operation: string;
  /** The share of the calls that fails, from 0 to 1. */
  readonly rate: number;
  /**
   * The error's code, e.g. `Throttling`, `RequestLimitExceeded`, `InternalFailure`, `ServiceUnavailable`, `AccessDenied` or
   * `InsufficientInstanceCapacity`; `ConnectionReset` for no answer at all.
   */
  readonly error: string;
  /** HTTP status. Default: what AWS sends with this error, otherwise 400. */
  readonly status?: number;
  /** Makes the same calls fail in every run. Default: chance. */
  readonly seed?: number;
  /** `rollback`: only what CloudFormation itself calls while it rolls a stack back. Default: always. */
  readonly during?: 'rollback';
}

/** A rule with the number of calls that it has let fail since it was set or the emulator was started. */
export interface ActiveFaultRule extends FaultRule {
  readonly struck: number;
}

/**
 * Replaces the fault rules of a running emulator. They hold for the calls of programs, for what CloudFormation's
 * resources call behind a stack (which tries errors that may pass ten times, as AWS does), and for the launches of Auto
 * Scaling groups. They outlive a restart, and end with `clearFaults` or a reset.
 *
 * @throws EmulatorError `EMULATOR_NOT_RUNNING`, or `EMULATOR_REFUSED` with every problem of every rule.
 */
export async function setFaults(
  options: EmulatorLocation & {
    readonly rules: readonly FaultRule[];
    /** Default: silent. */
    readonly reporter?: Reporter;
  },
): Promise<readonly ActiveFaultRule[]> {
  const { rules, reporter = silentReporter } = options;
  const active = await askOwnPath<readonly ActiveFaultRule[]>(options, 'PUT', 'faults', rules);
  if (active.length === 0) reporter.report(emulatorEvents.faultsCleared({}));
  else reporter.report(emulatorEvents.faultsSet({ rules: active.length, summary: active.map(describe).join('; ') }));
  return active;
}

/**
 * The fault rules of a running emulator, in the order in which they are asked.
 *
 * @throws EmulatorError `EMULATOR_NOT_RUNNING`.
 */
export async function getFaults(location: EmulatorLocation): Promise<readonly ActiveFaultRule[]> {
  return askOwnPath(location, 'GET', 'faults');
}

/**
 * Removes every fault rule of a running emulator.
 *
 * @throws EmulatorError `EMULATOR_NOT_RUNNING`.
 */
export async function clearFaults(
  options: EmulatorLocation & { /** Default: silent. */ readonly reporter?: Reporter },
): Promise<void> {
  await askOwnPath(options, 'DELETE', 'faults');
  (options.reporter ?? silentReporter).report(emulatorEvents.faultsCleared({}));
}

function describe({ service, operation, rate, error, during }: FaultRule): string {
  const when = during === undefined ? '' : ` during a ${during}`;
  return `${Math.round(rate * 1000) / 10} % of ${service}:${operation} with ${error}${when}`;
}
