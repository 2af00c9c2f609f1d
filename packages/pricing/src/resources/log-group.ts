import { type Charge, priceKey, type ResourcePricer, usageCharge } from '../internal/charge.js';

const INGEST_KEYS = new Map([
  ['STANDARD', 'ingest-standard'],
  ['INFREQUENT_ACCESS', 'ingest-infrequent-access'],
]);

export const priceLogGroup: ResourcePricer = ({ properties }, context) => {
  const given = properties.LogGroupClass;
  const key = INGEST_KEYS.get(given === undefined ? 'STANDARD' : (context.resolver.text(given) ?? ''));
  const ingest = usageCharge(context, 'logsIngestedGiB', {
    what: 'log group, written',
    price: key === undefined ? 'unknown' : priceKey('cloudwatch', 'logs', key),
    unit: 'GB',
  });
  const stored: Charge = usageCharge(context, 'logsStoredGiB', {
    what: 'log group, kept',
    price: priceKey('cloudwatch', 'logs', 'store'),
    unit: 'GB-month',
  });
  return { charges: [ingest, stored] };
};
