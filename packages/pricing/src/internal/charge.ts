import type { Unknown } from '../cost-estimate.js';
import type { PriceKey } from '../find-price.js';
import type { UsageAssumptionName, UsageAssumptions } from '../usage-assumptions.js';
import type { Resolver } from './resolve.js';
import type { ResourceView } from './template-view.js';

/** One thing that a resource is billed for, before its price is looked up. */
export interface Charge {
  readonly what: string;
  /** `unknown`: it cannot be named before deployment, or no source was found for its kind. */
  readonly price: PriceKey | Unknown;
  readonly quantity: number | Unknown;
  /** The unit that the quantity is in. A price for another unit is not used. */
  readonly unit: string;
  readonly assumption?: UsageAssumptionName;
  readonly note?: string;
}

/** What a resource is billed for, or why it has no charge of its own. */
export type PricedResource = { readonly charges: readonly Charge[] } | { readonly free: string };

export interface PricingContext {
  readonly resolver: Resolver;
  readonly usage: UsageAssumptions;
}

export type ResourcePricer = (resource: ResourceView, context: PricingContext) => PricedResource;

/** A price of one service. */
export const priceKey = (service: string, item: string, key: string): PriceKey => ({ service, item, key });

/** A charge for what an assumption says, e.g. 20 GB-month of `homeStorageGiB`. */
export function usageCharge(
  { usage }: PricingContext,
  assumption: UsageAssumptionName,
  charge: Omit<Charge, 'quantity' | 'assumption'>,
): Charge {
  return { ...charge, quantity: usage[assumption], assumption };
}

/** A product that is unknown as soon as one factor is. */
export function times(...factors: readonly (number | Unknown | undefined)[]): number | Unknown {
  return factors.reduce<number | Unknown>(
    (product, factor) => (typeof product === 'number' && typeof factor === 'number' ? product * factor : 'unknown'),
    1,
  );
}
