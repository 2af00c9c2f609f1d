import { DeploymentError } from '../errors.js';
import { type CallSubject, toDeploymentError } from '../to-deployment-error.js';
import type { GraphRun } from './run-graph.js';

/**
 * One error out of all failures of a run. The first real failure leads; that somebody stopped the watching leads only
 * where nothing else happened. Undefined without failures.
 */
export function joinFailures(
  failures: GraphRun<unknown>['failures'],
  operation: CallSubject['operation'],
): DeploymentError | undefined {
  const errors = failures.map(({ stackName, error }) => toDeploymentError(error, { operation, stackName }));
  const [first, ...others] = [
    ...errors.filter(({ code }) => code !== 'DEPLOYMENT_ABORTED'),
    ...errors.filter(({ code }) => code === 'DEPLOYMENT_ABORTED'),
  ];
  if (first === undefined || others.length === 0) return first;
  return new DeploymentError(first.code, [first, ...others].map(({ message }) => message).join(' · also: '), {
    problems: [first, ...others].flatMap((error) =>
      error.problems.length > 0 ? error.problems : [{ code: error.code, message: error.message, path: [] }],
    ),
    others,
    cause: first.cause,
    ...(first.hint === undefined ? {} : { hint: first.hint }),
    ...(first.failure === undefined ? {} : { failure: first.failure }),
  });
}
