import type { Leftover } from '@jenkins-aws/operations';
import {
  estimateMonthlyCost,
  findPrice,
  PRICE_TABLE,
  USAGE_ASSUMPTIONS,
  type UsageAssumptionName,
} from '@jenkins-aws/pricing';

/** A leftover and what it goes on costing. */
export interface PricedLeftover extends Leftover {
  /** USD a month at AWS's list price for what it stores now, without traffic and requests. */
  readonly monthlyCost: number | 'unknown';
}

export interface LeftoverCost {
  readonly leftovers: readonly PricedLeftover[];
  /** Sum of the known costs, in USD. */
  readonly totalMonthly: number;
  readonly unknownCount: number;
  /** Day of the price table, `YYYY-MM-DD`. */
  readonly tableDate: string;
}

/** Charged by what it consists of, which is found beside it. */
const CHARGED_AS_ITS_PARTS = new Set([
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::EC2::Image',
  'AWS::EC2::NetworkInterface',
]);
const STORAGE = new Set<string>(['homeStorageGiB', 'bucketStorageGiB', 'logsStoredGiB']);
const STORES = new Set([
  'AWS::Backup::RecoveryPoint',
  'AWS::EFS::FileSystem',
  'AWS::EC2::Volume',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
]);

/** What leftovers cost, by their real sizes. Nobody uses them any more: traffic and requests count as none. */
export function priceLeftovers(leftovers: readonly Leftover[], region: string): LeftoverCost {
  const priced = leftovers.map((leftover) => ({ ...leftover, monthlyCost: priceOf(leftover, region) }));
  const known = priced.flatMap(({ monthlyCost }) => (monthlyCost === 'unknown' ? [] : monthlyCost));
  return {
    leftovers: priced,
    totalMonthly: Math.round(known.reduce((sum, cost) => sum + cost, 0) * 100) / 100,
    unknownCount: priced.length - known.length,
    tableDate: PRICE_TABLE.date,
  };
}

function priceOf({ type, sizeGiB, properties }: Leftover, region: string): number | 'unknown' {
  if (CHARGED_AS_ITS_PARTS.has(type)) return 0;
  if (STORES.has(type) && sizeGiB === undefined) return 'unknown';
  if (type === 'AWS::Backup::RecoveryPoint') {
    const price = findPrice({ service: 'backup', item: 'storage', key: 'efs-warm' }, region);
    return price === undefined ? 'unknown' : Math.round((sizeGiB ?? 0) * price.unitPrice * 100) / 100;
  }
  const usage = Object.fromEntries(
    (Object.keys(USAGE_ASSUMPTIONS) as UsageAssumptionName[])
      .filter((name) => name !== 'hoursPerMonth')
      .map((name) => [name, STORAGE.has(name) ? (sizeGiB ?? 0) : 0]),
  );
  const template = { Resources: { Left: { Type: type, Properties: { ...defaultsOf(type), ...properties } } } };
  const { totalMonthly, unknownCount } = estimateMonthlyCost({
    templates: [{ name: 'left', template }],
    region,
    usage,
  });
  return unknownCount > 0 ? 'unknown' : totalMonthly;
}

/** Of an instance only its hours: its volumes and addresses are found beside it. */
function defaultsOf(type: string): Readonly<Record<string, unknown>> {
  if (type !== 'AWS::EC2::Instance') return {};
  return { BlockDeviceMappings: [{ NoDevice: {} }], NetworkInterfaces: [{ AssociatePublicIpAddress: false }] };
}
