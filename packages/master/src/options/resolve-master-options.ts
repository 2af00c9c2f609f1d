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
  const problems = parsed.error.issues.map((issue) => ({
    code: 'MASTER_OPTIONS_INVALID',
    message: issue.message,
    path: issue.path.filter((key) => typeof key !== 'symbol'),
  }));
  const listed = problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new MasterError('MASTER_OPTIONS_INVALID', listed, { problems });
}
