import { listProblems, problemsOfIssues } from '@jenkins-aws/core';
import { NetworkError } from '../errors.js';
import { type NetworkOptions, networkOptionsSchema, type ResolvedNetworkOptions } from './network-options.js';

/**
 * Fills in the defaults and checks the whole.
 *
 * @throws NetworkError `NETWORK_OPTIONS_INVALID` with every problem
 */
export function resolveNetworkOptions(options: NetworkOptions = {}): ResolvedNetworkOptions {
  const parsed = networkOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = problemsOfIssues(parsed.error.issues, 'NETWORK_OPTIONS_INVALID');
  throw new NetworkError('NETWORK_OPTIONS_INVALID', listProblems(problems), { problems });
}
