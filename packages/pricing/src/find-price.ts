import { partitionOfRegion } from '@jenkins-aws/core';
import { pricePerUnit } from './internal/money.js';
import { PRICE_TABLE } from './table/price-table.js';

/** Names one price of the table, e.g. `{ service: 'ec2', item: 'instance', key: 'm7i.large' }`. */
export interface PriceKey {
  readonly service: string;
  readonly item: string;
  readonly key: string;
}

/** One sourced price in USD. */
export interface Price {
  /** For one `unit`. */
  readonly unitPrice: number;
  /** Singular, e.g. `hour`, `GB-month`, `request`. AWS's GB is 2^30 bytes. */
  readonly unit: string;
  /** Key of the table's sources, then `#` and the part of the source, where it has parts. */
  readonly source: string;
  /** Day that the price is from, `YYYY-MM-DD`. */
  readonly sourceDate: string;
  /** `low` where the source is a third party's page. */
  readonly confidence?: string;
}

// The table keeps AWS's units; an estimate counts single requests and notifications.
const SINGLE_UNITS: Readonly<Record<string, readonly [unit: string, units: number]>> = {
  '1k-requests': ['request', 1_000],
  '10k-requests': ['request', 10_000],
  '100k-notifications': ['notification', 100_000],
  'hour-per-az': ['zone-hour', 1],
};

/**
 * The price of one thing in one region, or undefined where the table has none: never another region's price.
 * What AWS sells at one price everywhere is found in every region of the partition `aws`.
 */
export function findPrice({ service, item, key }: PriceKey, region: string): Price | undefined {
  for (const group of PRICE_TABLE.groups) {
    if (group.service !== service || group.item !== item || !Object.hasOwn(group.prices, key)) continue;
    const index = group.regions.findIndex((name) => coversRegion(name, region));
    const price = group.prices[key]?.[index];
    if (price === undefined || price === null) continue;
    const [unit, units] = SINGLE_UNITS[group.unit] ?? [group.unit, 1];
    return {
      unitPrice: pricePerUnit(price, units),
      unit,
      source: group.source,
      sourceDate: group.date,
      ...(group.confidence === undefined ? {} : { confidence: group.confidence }),
    };
  }
  return undefined;
}

function coversRegion(name: string, region: string): boolean {
  return name === region || ((name === 'any' || name === 'global') && partitionOfRegion(region) === 'aws');
}
