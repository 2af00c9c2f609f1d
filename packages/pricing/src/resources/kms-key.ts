import { priceKey, type ResourcePricer, usageCharge } from '../internal/charge.js';

export const priceKmsKey: ResourcePricer = ({ properties }, context) => {
  const { KeySpec: spec } = properties;
  const isSymmetric = spec === undefined || context.resolver.text(spec) === 'SYMMETRIC_DEFAULT';
  return {
    charges: [
      { what: 'KMS key', price: priceKey('kms', 'key', 'customer-managed'), quantity: 1, unit: 'key-month' },
      usageCharge(context, 'kmsRequests', {
        what: 'KMS requests',
        price: isSymmetric ? priceKey('kms', 'request', 'symmetric') : 'unknown',
        unit: 'request',
      }),
    ],
  };
};
