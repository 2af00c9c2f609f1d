import { type PricedResource, priceKey, type ResourcePricer } from '../internal/charge.js';
import { asRecords, type Properties } from '../internal/template-view.js';

export const priceHostedZone: ResourcePricer = () => ({
  charges: [
    { what: 'hosted zone', price: priceKey('route53', 'zone', 'hosted-zone'), quantity: 1, unit: 'zone-month' },
  ],
});

function priceRecords(records: readonly Properties[]): PricedResource {
  if (records.every((record) => record.AliasTarget !== undefined)) {
    return { free: 'an alias record and its queries have no charge' };
  }
  const note = 'a record has no charge, its DNS queries have, and no sourced price';
  return { charges: [{ what: 'DNS queries', price: 'unknown', quantity: 'unknown', unit: 'query', note }] };
}

export const priceRecordSet: ResourcePricer = ({ properties }) => priceRecords([properties]);

export const priceRecordSetGroup: ResourcePricer = ({ properties }) => priceRecords(asRecords(properties.RecordSets));
