import { priceKey, type ResourcePricer, times, usageCharge } from '../internal/charge.js';

/** An interface endpoint is charged for each zone, which is each of its subnets, and for the data. */
export const priceVpcEndpoint: ResourcePricer = ({ properties }, context) => {
  const { resolver, usage } = context;
  const type = properties.VpcEndpointType === undefined ? 'Gateway' : resolver.text(properties.VpcEndpointType);
  if (type === 'Gateway') return { free: 'a gateway endpoint has no charge' };
  if (type !== 'Interface') {
    const what = `VPC endpoint, ${type ?? 'of a kind not yet known'}`;
    const note = 'only gateway and interface endpoints have a sourced price';
    return { charges: [{ what, price: 'unknown', quantity: 'unknown', unit: 'zone-hour', note }] };
  }
  return {
    charges: [
      {
        what: 'interface endpoint',
        price: priceKey('vpc', 'interface-endpoint', 'hour'),
        quantity: times(resolver.count(properties.SubnetIds), usage.hoursPerMonth),
        unit: 'zone-hour',
      },
      usageCharge(context, 'endpointProcessedGiB', {
        what: 'interface endpoint data',
        price: priceKey('vpc', 'interface-endpoint', 'data-first-1PB'),
        unit: 'GB',
      }),
    ],
  };
};
