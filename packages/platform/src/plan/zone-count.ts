import type { PlatformConfig } from '../options/platform-config.js';

/** How many availability zones the network has. */
export function zoneCount({ network: { availabilityZones } }: Pick<PlatformConfig, 'network'>): number {
  return typeof availabilityZones === 'number' ? availabilityZones : availabilityZones.length;
}
