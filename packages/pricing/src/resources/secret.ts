import { priceKey, type ResourcePricer, usageCharge } from '../internal/charge.js';

export const priceSecret: ResourcePricer = (_resource, context) => ({
  charges: [
    { what: 'secret', price: priceKey('secretsmanager', 'secret', 'secret'), quantity: 1, unit: 'secret-month' },
    usageCharge(context, 'secretRequests', {
      what: 'secret requests',
      price: priceKey('secretsmanager', 'request', 'api'),
      unit: 'request',
    }),
  ],
});
