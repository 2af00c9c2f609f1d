import { Token } from 'aws-cdk-lib/core';
import { NetworkError } from '../errors.js';
import type { NetworkOptions, ResolvedNetworkOptions } from '../options/network-options.js';
import { resolveNetworkOptions } from '../options/resolve-network-options.js';

/**
 * Fills in the defaults and checks all that is known at synthesis. Names of zones may be unresolved tokens; the range may
 * not, because the subnets are cut from it.
 *
 * @throws NetworkError `NETWORK_OPTIONS_INVALID` with every problem
 */
export function resolveKnownNetworkOptions(options: NetworkOptions): ResolvedNetworkOptions {
  const { cidr, availabilityZones, ...others } = options;
  if (Token.isUnresolved(cidr) || Token.isUnresolved(availabilityZones)) {
    const [key, reason] = Token.isUnresolved(cidr)
      ? ['cidr', 'the subnets are cut from it; the ready file network-2-zones.json takes its range as parameters']
      : ['availabilityZones', 'each zone has subnets in the template; give their number, or a list of names'];
    const message = `${key} must be known at synthesis: ${reason}`;
    throw new NetworkError('NETWORK_OPTIONS_INVALID', message);
  }
  if (!Array.isArray(availabilityZones)) return resolveNetworkOptions(options);
  const named = availabilityZones.map((name, index) => (Token.isUnresolved(name) ? `zz-zone-${index}a` : name));
  return { ...resolveNetworkOptions({ cidr, ...others, availabilityZones: named }), availabilityZones };
}
