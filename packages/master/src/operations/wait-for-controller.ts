import { setTimeout as sleep } from 'node:timers/promises';
import { type Reporter, silentReporter } from '@jenkins-aws/core';
import { MasterError } from '../errors.js';
import { masterEvents } from '../events.js';
import { type ControllerStatus, type DescribeControllerOptions, describeController } from './describe-controller.js';

export interface WaitForControllerOptions extends Omit<DescribeControllerOptions, 'at'> {
  /** Name of the master, for the events. */
  readonly master: string;
  /** The clock by which an instance is young or not. */
  readonly now: () => Date;
  /** Default: 1,200, as long as a boot may take. */
  readonly timeoutSeconds?: number;
  /** Six calls each time. Default: 10. */
  readonly pollSeconds?: number;
  readonly reporter?: Reporter;
}

function detailOf({ instances }: ControllerStatus): string {
  const [instance] = instances;
  if (instance === undefined) return 'no instance yet';
  return `${instance.instanceId} is ${instance.lifecycleState}, target ${instance.targetHealth}`;
}

/**
 * Looks until the load balancer finds the controller healthy.
 *
 * Permissions: those of {@link describeController}.
 *
 * @throws MasterError `MASTER_CONTROLLER_UNHEALTHY` when the time is up; errors of the SDK pass through
 */
export async function waitForController(options: WaitForControllerOptions): Promise<ControllerStatus> {
  const { master, now, timeoutSeconds = 1200, pollSeconds = 10, reporter = silentReporter, signal } = options;
  const deadline = performance.now() + timeoutSeconds * 1000;
  let said = '';
  for (;;) {
    const status = await describeController({ ...options, at: now() });
    const [instance] = status.instances;
    if (status.health === 'healthy' && instance !== undefined) {
      reporter.report(masterEvents.controllerHealthy({ master, instanceId: instance.instanceId }));
      return status;
    }
    const detail = detailOf(status);
    if (performance.now() > deadline) {
      const message = `master ${master} is not healthy after ${timeoutSeconds} s: ${detail}`;
      throw new MasterError('MASTER_CONTROLLER_UNHEALTHY', message, { hint: 'read the boot log in its log group' });
    }
    if (detail !== said) reporter.report(masterEvents.controllerWaiting({ master, health: status.health, detail }));
    said = detail;
    await sleep(pollSeconds * 1000, undefined, { signal });
  }
}
