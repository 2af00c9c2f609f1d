import type { ResourcePricer } from '../internal/charge.js';

export const priceParameter: ResourcePricer = ({ properties }, { resolver }) => {
  const tier = properties.Tier === undefined ? 'Standard' : resolver.text(properties.Tier);
  if (tier === 'Standard') return { free: 'a standard parameter has no charge' };
  const note = 'only standard parameters are free; others have no sourced price';
  return { charges: [{ what: 'SSM parameter', price: 'unknown', quantity: 1, unit: 'parameter-month', note }] };
};
