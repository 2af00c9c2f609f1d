import { type Reporter, silentReporter } from '@jenkins-aws/core';
import { emulatorEvents } from '../events.js';
import type { EmulatorLocation } from '../internal/directories.js';
import { askOwnPath } from './ask-own-path.js';

/** One target of one target group, as the load balancer sees it. */
export interface TargetHealth {
  /** Instance id or address. */
  readonly target: string;
  readonly targetGroupArn: string;
  readonly health: 'initial' | 'healthy' | 'unhealthy' | 'unused';
  /** AWS's reason code, e.g. `Target.FailedHealthChecks`. Undefined for a healthy target. */
  readonly reason?: string;
}

/**
 * Makes a target or an instance of a running emulator fail its checks, until it is set healthy again or ends.
 *
 * `unhealthy`: the load balancer's health checks fail. `impaired`: EC2's status checks of an instance fail, and the
 * load balancer's with them. Target health, alarms on them and Auto Scaling groups follow within seconds: a group whose
 * health checks include the one that fails replaces the instance.
 *
 * @returns every registered target as it is afterwards.
 * @throws EmulatorError `EMULATOR_NOT_RUNNING`, or `EMULATOR_REFUSED` when nothing has this name.
 */
export async function setTargetHealth(
  options: EmulatorLocation & {
    /** An instance id, or the address of a registered target. */
    readonly target: string;
    readonly health: 'healthy' | 'unhealthy' | 'impaired';
    /** Default: silent. */
    readonly reporter?: Reporter;
  },
): Promise<readonly TargetHealth[]> {
  const { target, health, reporter = silentReporter } = options;
  const targets = await askOwnPath<readonly TargetHealth[]>(options, 'PUT', 'targets', { target, health });
  reporter.report(emulatorEvents.targetHealthSet({ target, health }));
  return targets;
}

/**
 * Every registered target of a running emulator, in every account and region.
 *
 * @throws EmulatorError `EMULATOR_NOT_RUNNING`.
 */
export async function getTargetHealth(location: EmulatorLocation): Promise<readonly TargetHealth[]> {
  return askOwnPath(location, 'GET', 'targets');
}
