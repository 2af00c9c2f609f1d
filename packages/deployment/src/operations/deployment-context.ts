import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Reporter } from '@jenkins-aws/core';
import { DeploymentError } from '../errors.js';
import { toDeploymentError } from '../to-deployment-error.js';

/** What every operation of this package takes. */
export interface DeploymentContext {
  /**
   * The account and region to work in. Its own retries answer throttling: `maxAttempts: 10` and
   * `retryMode: 'adaptive'` suit deployments of many stacks in one account.
   */
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  /** Default: nobody is told. */
  readonly reporter?: Reporter;
  /** Stops the watching, never what CloudFormation has begun. Default: none. */
  readonly signal?: AbortSignal;
  /** The longest pause between two looks, in milliseconds. Pauses start at 200 and double. Default: 5000. */
  readonly pollIntervalMilliseconds?: number;
}

/** Runs one API call and turns whatever it throws into a DeploymentError. */
export async function call<Output>(
  operation: string,
  stackName: string | undefined,
  send: () => Promise<Output>,
): Promise<Output> {
  try {
    return await send();
  } catch (error) {
    throw toDeploymentError(error, { operation, ...(stackName === undefined ? {} : { stackName }) });
  }
}

/** The abort signal in the form that the SDK takes. */
export function abortable({ signal }: DeploymentContext): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

/** The same context for cleaning up, which has to work after the caller's signal went off. */
export function withoutSignal(context: DeploymentContext): DeploymentContext {
  const { signal: _, ...rest } = context;
  return rest;
}

/** Whether a call failed because the named stack or change set is not there. */
export function isNotFound(error: unknown): boolean {
  const { name, message } = error as { name?: unknown; message?: unknown };
  return (
    String(name).startsWith('ChangeSetNotFound') ||
    (name === 'ValidationError' && /does not exist/.test(String(message)))
  );
}

/** Throws where the caller's signal went off before the next step began. */
export function throwIfAborted({ signal }: DeploymentContext, stackName: string): void {
  if (!signal?.aborted) return;
  throw new DeploymentError(
    'DEPLOYMENT_ABORTED',
    `stopped on request before stack '${stackName}' was touched: run the same command again to go on`,
    { cause: signal.reason },
  );
}
