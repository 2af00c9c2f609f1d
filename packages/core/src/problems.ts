import type { Problem } from './errors.js';

/** What a schema's issue says; zod's have this form. */
export interface SchemaIssue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
  /** A refinement may give its own code with `params: { code }`. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A schema's issues as problems: each with the code of its refinement where it has one, else `code`. */
export function problemsOfIssues(issues: readonly SchemaIssue[], code: string): Problem[] {
  return issues.map(({ message, path, params }) => ({
    code: typeof params?.code === 'string' ? params.code : code,
    message,
    path: path.filter((key) => typeof key !== 'symbol'),
  }));
}

/** All problems as one message, e.g. `cidr: must be …; availabilityZones: must be …`. */
export function listProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
