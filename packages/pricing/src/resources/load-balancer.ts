import type { Unknown } from '../cost-estimate.js';
import { type Charge, type PricingContext, priceKey, type ResourcePricer, times } from '../internal/charge.js';
import { asRecords, type Properties } from '../internal/template-view.js';
import { publicAddressCharge } from './public-address.js';

const ITEMS = new Map([
  ['application', 'alb'],
  ['network', 'nlb'],
]);

export const priceLoadBalancer: ResourcePricer = ({ properties }, context) => {
  const { resolver, usage } = context;
  const type = properties.Type === undefined ? 'application' : resolver.text(properties.Type);
  const item = ITEMS.get(type ?? '');
  const name = type === undefined ? 'load balancer of a kind not yet known' : `${type} load balancer`;
  const price = (key: string) => (item === undefined ? 'unknown' : priceKey('elb', item, key));
  const charges: Charge[] = [
    { what: name, price: price('hour'), quantity: usage.hoursPerMonth, unit: 'hour' },
    {
      what: `${name} capacity`,
      price: price('lcu'),
      quantity: times(usage.lcuAverage, usage.hoursPerMonth),
      unit: 'LCU-hour',
      assumption: 'lcuAverage',
    },
  ];
  const addresses = publicAddresses(context, properties);
  return { charges: addresses === 0 ? charges : [...charges, publicAddressCharge(context, addresses)] };
};

/** One for each subnet of a balancer that faces the internet, which is what AWS makes where no scheme is given. */
function publicAddresses({ resolver }: PricingContext, properties: Properties): number | Unknown {
  const scheme = properties.Scheme === undefined ? 'internet-facing' : resolver.text(properties.Scheme);
  if (scheme === 'internal' || resolver.text(properties.IpAddressType) === 'dualstack-without-public-ipv4') return 0;
  if (scheme !== 'internet-facing') return 'unknown';
  if (properties.Subnets !== undefined) return resolver.count(properties.Subnets) ?? 'unknown';
  if (!Array.isArray(properties.SubnetMappings)) return 'unknown';
  // An allocated address is an Elastic IP, which has its own line.
  return asRecords(properties.SubnetMappings).filter((mapping) => mapping.AllocationId === undefined).length;
}
