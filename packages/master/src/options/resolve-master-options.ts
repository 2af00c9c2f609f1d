import { listProblems, problemsOfIssues } from '@jenkins-aws/core';
import { MasterError } from '../errors.js';
import { type MasterOptions, masterOptionsSchema, type ResolvedMasterOptions } from './master-options.js';

/**
 * Fills in the defaults and checks the whole.
 *
 * @throws MasterError `MASTER_OPTIONS_INVALID` with every problem
 */
export function resolveMasterOptions(options: MasterOptions): ResolvedMasterOptions {
  const parsed = masterOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = problemsOfIssues(parsed.error.issues, 'MASTER_OPTIONS_INVALID');
  throw new MasterError('MASTER_OPTIONS_INVALID', listProblems(problems), { problems });
}
