import { priceKey, type ResourcePricer, usageCharge } from '../internal/charge.js';

export const priceRepository: ResourcePricer = (_resource, context) => ({
  charges: [
    usageCharge(context, 'imageStorageGiB', {
      what: 'ECR images',
      price: priceKey('ecr', 'storage', 'private'),
      unit: 'GB-month',
    }),
  ],
});
