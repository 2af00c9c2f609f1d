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
  const problems = parsed.error.issues.map((issue) => ({
    code: 'NETWORK_OPTIONS_INVALID',
    message: issue.message,
    path: issue.path.filter((key) => typeof key !== 'symbol'),
  }));
  const listed = problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new NetworkError('NETWORK_OPTIONS_INVALID', listed, { problems });
}
