import type { Problem } from '@jenkins-aws/core';

/** A problem of a text file, with its place. */
export interface LocatedProblem extends Problem {
  /** The file's name as the caller gave it. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units as editors count them. */
  readonly column: number;
}

/** Whether a problem of an error knows its place in a file. */
export function isLocatedProblem(problem: Problem): problem is LocatedProblem {
  return 'file' in problem && 'line' in problem && 'column' in problem;
}

/** One line for a person, e.g. `jenkins-aws.config.yaml:3:9 network.cidr: must be text, got 5`. */
export function formatProblem(problem: Problem): string {
  if (!isLocatedProblem(problem)) return problem.message;
  return `${problem.file}:${problem.line}:${problem.column} ${problem.message}`;
}
