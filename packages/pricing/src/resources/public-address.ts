import type { Unknown } from '../cost-estimate.js';
import { type Charge, type PricingContext, priceKey, times } from '../internal/charge.js';

/** Public IPv4 addresses are charged by the hour, in use or idle, whoever holds them. */
export function publicAddressCharge(
  { usage }: PricingContext,
  addresses: number | Unknown | undefined,
  note?: string,
): Charge {
  return {
    what: 'public IPv4 address',
    price: priceKey('vpc', 'public-ipv4', 'in-use'),
    quantity: times(addresses, usage.hoursPerMonth),
    unit: 'hour',
    ...(note === undefined ? {} : { note }),
  };
}
