import type { EC2Client } from '@aws-sdk/client-ec2';
import { NetworkError } from '../errors.js';
import type { ResolvedNetworkOptions } from '../options/network-options.js';

export interface CheckZonesOptions {
  readonly ec2: Pick<EC2Client, 'send'>;
  readonly region: string;
  /** How many zones, or which. */
  readonly availabilityZones: ResolvedNetworkOptions['availabilityZones'];
  readonly signal?: AbortSignal;
}

/**
 * Makes sure that the account has the zones that the network is to have, before anything is made in them.
 *
 * Permission: `ec2:DescribeAvailabilityZones`. Errors of the SDK pass through.
 *
 * @throws NetworkError `NETWORK_ZONES_UNAVAILABLE` with the zones that there are
 */
export async function checkZones({ ec2, region, availabilityZones, signal }: CheckZonesOptions): Promise<void> {
  const { DescribeAvailabilityZonesCommand } = await import('@aws-sdk/client-ec2');
  const command = new DescribeAvailabilityZonesCommand({
    Filters: [
      { Name: 'zone-type', Values: ['availability-zone'] },
      { Name: 'state', Values: ['available'] },
    ],
  });
  const { AvailabilityZones = [] } = await ec2.send(command, { abortSignal: signal });
  const names = AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []).sort();
  const wrong =
    typeof availabilityZones === 'number'
      ? availabilityZones > names.length && `must be at most ${names.length}, got ${availabilityZones}`
      : availabilityZones.some((name) => !names.includes(name)) &&
        `must be among them, got ${availabilityZones.join(', ')}`;
  if (wrong === false) return;
  const message = `${region} has the availability zones ${names.join(', ')} in this account: network.availabilityZones ${wrong}`;
  throw new NetworkError('NETWORK_ZONES_UNAVAILABLE', message);
}
