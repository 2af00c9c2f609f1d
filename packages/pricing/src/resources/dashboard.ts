import { priceKey, type ResourcePricer } from '../internal/charge.js';

export const priceDashboard: ResourcePricer = () => ({
  charges: [
    {
      what: 'dashboard',
      price: priceKey('cloudwatch', 'dashboard', 'basic'),
      quantity: 1,
      unit: 'dashboard-month',
      note: 'the first three dashboards of an account are free and charged here',
    },
  ],
});
