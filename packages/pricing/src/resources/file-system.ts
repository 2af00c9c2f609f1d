import { type Charge, type PricingContext, priceKey, type ResourcePricer, usageCharge } from '../internal/charge.js';
import { asRecord, asRecords, type Properties } from '../internal/template-view.js';

const LIFECYCLE_NOTE = 'as if nothing moved to a colder storage class: an upper bound';
const PROVISIONED_NOTE = 'what the stored data includes is not subtracted: an upper bound';

export const priceFileSystem: ResourcePricer = ({ properties }, context) => {
  const oneZone = properties.AvailabilityZoneName !== undefined;
  const moves = asRecords(properties.LifecyclePolicies).some(
    (policy) => policy.TransitionToIA !== undefined || policy.TransitionToArchive !== undefined,
  );
  const storage = usageCharge(context, 'homeStorageGiB', {
    what: oneZone ? 'EFS storage, one zone' : 'EFS storage',
    price: priceKey('efs', 'storage', oneZone ? 'one-zone' : 'standard'),
    unit: 'GB-month',
    ...(moves ? { note: LIFECYCLE_NOTE } : {}),
  });
  return { charges: [storage, ...throughputCharges(context, properties), ...backupCharges(context, properties)] };
};

function throughputCharges(context: PricingContext, properties: Properties): Charge[] {
  const { resolver } = context;
  const mode = properties.ThroughputMode === undefined ? 'bursting' : resolver.text(properties.ThroughputMode);
  if (mode === 'bursting') return [];
  if (mode === 'elastic') {
    const price = (key: string) => priceKey('efs', 'elastic-throughput', key);
    return [
      usageCharge(context, 'homeReadGiB', { what: 'EFS elastic read', price: price('read'), unit: 'GB' }),
      usageCharge(context, 'homeWrittenGiB', { what: 'EFS elastic write', price: price('write'), unit: 'GB' }),
    ];
  }
  const quantity = resolver.number(properties.ProvisionedThroughputInMibps) ?? 'unknown';
  const what = 'EFS provisioned throughput';
  if (mode !== 'provisioned') return [{ what: 'EFS throughput', price: 'unknown', quantity: 'unknown', unit: 'GB' }];
  const price = priceKey('efs', 'provisioned-throughput', 'throughput');
  return [{ what, price, quantity, unit: 'MBps-month', note: PROVISIONED_NOTE }];
}

function backupCharges(context: PricingContext, properties: Properties): Charge[] {
  const policy = asRecord(properties.BackupPolicy);
  if (policy === undefined || context.resolver.text(policy.Status) === 'DISABLED') return [];
  const price = priceKey('backup', 'storage', 'efs-warm');
  return [usageCharge(context, 'backupStorageGiB', { what: 'EFS backups', price, unit: 'GB-month' })];
}
