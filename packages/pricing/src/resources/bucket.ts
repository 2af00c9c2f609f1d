import { priceKey, type ResourcePricer, usageCharge } from '../internal/charge.js';

export const priceBucket: ResourcePricer = (_resource, context) => ({
  charges: [
    usageCharge(context, 'bucketStorageGiB', {
      what: 'S3 storage',
      price: priceKey('s3', 'storage', 'standard-first-50TB'),
      unit: 'GB-month',
    }),
    usageCharge(context, 'bucketWriteRequests', {
      what: 'S3 write requests',
      price: priceKey('s3', 'request', 'put-copy-post-list'),
      unit: 'request',
    }),
    usageCharge(context, 'bucketReadRequests', {
      what: 'S3 read requests',
      price: priceKey('s3', 'request', 'get'),
      unit: 'request',
    }),
  ],
});
