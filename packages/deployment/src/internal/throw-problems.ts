import type { Problem } from '@jenkins-aws/core';
import { DeploymentError, type DeploymentErrorCode } from '../errors.js';

/** Throws all problems as one error, whose code is theirs when they share one. Does nothing without problems. */
export function throwProblems(problems: readonly Problem[], hint?: string): void {
  const [first] = problems;
  if (first === undefined) return;
  const codes = new Set(problems.map(({ code }) => code));
  const code = codes.size === 1 ? (first.code as DeploymentErrorCode) : 'DEPLOYMENT_STACKS_INVALID';
  const message =
    problems.length === 1
      ? first.message
      : `${problems.length} problems: ${problems.map((p) => p.message).join(' · ')}`;
  throw new DeploymentError(code, message, { problems, ...(hint === undefined ? {} : { hint }) });
}
