import { priceKey, type ResourcePricer, usageCharge } from '../internal/charge.js';

export const priceNatGateway: ResourcePricer = ({ properties }, context) => {
  const isPrivate = context.resolver.text(properties.ConnectivityType) === 'private';
  const address = context.resolver.resource(properties.AllocationId);
  const elsewhere = 'the public IPv4 address of a NAT gateway is charged where it is allocated, not in this line';
  return {
    charges: [
      {
        what: 'NAT gateway',
        price: priceKey('vpc', 'nat-gateway', 'hour'),
        quantity: context.usage.hoursPerMonth,
        unit: 'hour',
        ...(isPrivate || address !== undefined ? {} : { note: elsewhere }),
      },
      usageCharge(context, 'natProcessedGiB', {
        what: 'NAT gateway data',
        price: priceKey('vpc', 'nat-gateway', 'data'),
        unit: 'GB',
      }),
    ],
  };
};
