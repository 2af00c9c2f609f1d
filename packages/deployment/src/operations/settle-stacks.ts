import { randomUUID } from 'node:crypto';
import { ContinueUpdateRollbackCommand } from '@aws-sdk/client-cloudformation';
import { type Problem, silentReporter } from '@jenkins-aws/core';
import { deploymentEvents } from '../events.js';
import { findFirstCause } from '../internal/first-cause.js';
import { joinFailures } from '../internal/join-failures.js';
import { judgeStatus } from '../internal/judge-status.js';
import { runGraph } from '../internal/run-graph.js';
import { throwProblems } from '../internal/throw-problems.js';
import type { OwnershipTag } from '../options/stack-definition.js';
import { beginStep, call, type DeploymentContext, withRole } from './deployment-context.js';
import { findFailedResources, findOwnershipProblem } from './find-stack-problems.js';
import { followStack } from './follow-stack.js';
import type { StackSummary } from './get-stack-summaries.js';
import { findEventBeforeOperation, findNewestEventId } from './read-stack-events.js';
import type { LockedContext } from './with-lock.js';

export interface SettleOptions extends LockedContext {
  readonly ownershipTag?: OwnershipTag;
  readonly continueRollback?: boolean;
  readonly skipResources?: readonly string[];
}

/** Whether there is anything to wait for or to take up with a stack in this status. */
export function needsSettling({ continueRollback }: SettleOptions, status: string): boolean {
  return judgeStatus(status).kind === 'busy' || (status === 'UPDATE_ROLLBACK_FAILED' && continueRollback === true);
}

/**
 * Waits until CloudFormation has finished with every stack that is the caller's own, and takes up failed rollbacks where
 * that was asked for. Returns the stacks as they are then, without those that are gone. Both by name.
 */
export async function settleStacks(
  options: SettleOptions,
  stacks: ReadonlyMap<string, StackSummary>,
): Promise<ReadonlyMap<string, StackSummary>> {
  const { results, failures } = await runGraph(
    [...stacks].map(([name, stack]) => ({ name, stack })),
    async ({ stack }) => {
      if (findOwnershipProblem(stack, options.ownershipTag) !== undefined) return stack;
      const ended = judgeStatus(stack.status).kind === 'busy' ? await followToEnd(options, stack) : stack;
      return needsSettling(options, ended.status) ? continueRollback(options, ended) : ended;
    },
  );
  const failure = joinFailures(failures, 'DescribeStackEvents');
  if (failure !== undefined) throw failure;
  return new Map([...results].filter(([, { status }]) => judgeStatus(status).kind !== 'absent'));
}

async function followToEnd(context: DeploymentContext, stack: StackSummary): Promise<StackSummary> {
  const { reporter = silentReporter } = context;
  const { stackName, status } = stack;
  reporter.report(deploymentEvents.followStarted({ stackName, status }));
  return follow(context, stack, await findEventBeforeOperation(context, stack));
}

async function continueRollback(options: SettleOptions, stack: StackSummary): Promise<StackSummary> {
  const { reporter = silentReporter, skipResources = [] } = options;
  const { stackName, stackId } = stack;
  const prefix = `${stackName}/`;
  const skipped = skipResources.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  throwProblems(await findSkipProblems(options, stack, skipped));
  const newestEventId = await findNewestEventId(options, stack);
  await beginStep(options, stackName);
  const command = new ContinueUpdateRollbackCommand({
    StackName: stackId,
    ClientRequestToken: randomUUID(),
    ...(skipped.length === 0 ? {} : { ResourcesToSkip: skipped }),
    ...withRole(options),
  });
  await call('ContinueUpdateRollback', stackName, () => options.cloudFormation.send(command));
  reporter.report(deploymentEvents.rollbackContinued({ stackName, skipped }));
  return follow(options, stack, newestEventId);
}

async function findSkipProblems(
  context: DeploymentContext,
  stack: StackSummary,
  skipped: readonly string[],
): Promise<Problem[]> {
  // Of a nested stack, named `Nested.LogicalId`, the parent does not tell what failed.
  const named = skipped.filter((logicalId) => !logicalId.includes('.'));
  if (named.length === 0) return [];
  const failed = (await findFailedResources(context, stack)).map(({ logicalId }) => logicalId);
  return named
    .filter((logicalId) => !failed.includes(logicalId))
    .map((logicalId) => ({
      code: 'DEPLOYMENT_STACK_STUCK',
      message: `resource '${logicalId}' of stack '${stack.stackName}' cannot be skipped, because only one whose rollback failed can: ${failed.join(', ') || 'cloudformation names none'}`,
      path: ['stacks', stack.stackName, logicalId],
    }));
}

async function follow(
  context: DeploymentContext,
  handle: StackSummary,
  newestEventId: string | undefined,
): Promise<StackSummary> {
  const { reporter = silentReporter } = context;
  const { stack, events } = await followStack(context, handle, newestEventId);
  const succeeded = /^(CREATE|UPDATE|DELETE|IMPORT)_COMPLETE$/.test(stack.status);
  const cause = succeeded ? undefined : findFirstCause(events);
  const { stackName, status } = stack;
  const logicalId = cause?.ofStack ? undefined : cause?.logicalId;
  reporter.report(deploymentEvents.followFinished({ stackName, status, logicalId, reason: cause?.reason }));
  return stack;
}
