import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Reporter } from '@jenkins-aws/core';
import { DeploymentError } from '../errors.js';
import { toDeploymentError } from '../to-deployment-error.js';
import type { ArtifactStore } from './artifact-store.js';
import type { LockClaim } from './watch-lock.js';
import type { LockedContext } from './with-lock.js';

/** What every operation of this package takes. */
export interface DeploymentContext {
  /**
   * The account and region to work in. Its own retries answer throttling: `maxAttempts: 10` and
   * `retryMode: 'adaptive'` suit deployments of many stacks in one account.
   */
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  /**
   * Lets a review see whether the SSM parameters that a stack read still have the values that it read, so that a stack
   * with nothing to do needs no change set. Default: none, such a stack gets a change set each time.
   */
  readonly ssm?: Pick<SSMClient, 'send'>;
  /**
   * ARN of the role by which CloudFormation makes, changes and deletes the resources; the caller needs `iam:PassRole` for
   * it. CloudFormation remembers it with the stack. Default: the caller's own permissions, or the role that the stack has.
   */
  readonly roleArn?: string;
  /**
   * Where templates above 51,200 bytes go, and where the lock and the records of deployments lie. Default: none, such a
   * template is refused and nothing is locked or written down.
   */
  readonly artifacts?: ArtifactStore;
  /** Who works, for the lock and the records. Default: none, then there is neither. */
  readonly claim?: LockClaim;
  /** Default: nobody is told. */
  readonly reporter?: Reporter;
  /** Stops the watching at once, never what CloudFormation has begun. Default: none. */
  readonly signal?: AbortSignal;
  /** After it nothing new begins, and what runs is followed to its end. Default: none. */
  readonly stopSignal?: AbortSignal;
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

/** The service role in the form that CloudFormation takes. */
export function withRole({ roleArn }: DeploymentContext): { RoleARN?: string } {
  return roleArn === undefined ? {} : { RoleARN: roleArn };
}

/** The same context for cleaning up, which has to work after the caller's signals went off. */
export function withoutSignal<Context extends DeploymentContext>(
  context: Context,
): Omit<Context, 'signal' | 'stopSignal'> {
  const { signal: _, stopSignal: __, ...rest } = context;
  return rest;
}

/** The same context for work that nobody has to hear of. */
export function withoutReporter<Context extends DeploymentContext>(context: Context): Omit<Context, 'reporter'> {
  const { reporter: _, ...rest } = context;
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

/** Whether the caller wants nothing new to begin. */
export function isStopped({ signal, stopSignal }: DeploymentContext): boolean {
  return signal?.aborted === true || stopSignal?.aborted === true;
}

/** The error about stacks whose turn did not come any more. */
export function stoppedBefore({ signal, stopSignal }: DeploymentContext, stackNames: readonly string[]) {
  const names = stackNames.map((name) => `'${name}'`).join(', ');
  return new DeploymentError(
    'DEPLOYMENT_ABORTED',
    `stopped on request before ${stackNames.length === 1 ? 'stack' : 'stacks'} ${names} ${stackNames.length === 1 ? 'was' : 'were'} touched: run the same command again to go on`,
    { cause: signal?.aborted ? signal.reason : stopSignal?.reason },
  );
}

/** To be called before each step: throws where a signal of the caller went off, or the lock was lost. */
export async function beginStep(context: LockedContext, stackName: string): Promise<void> {
  if (isStopped(context)) throw stoppedBefore(context, [stackName]);
  await context.confirmLock?.();
  if (isStopped(context)) throw stoppedBefore(context, [stackName]);
}
