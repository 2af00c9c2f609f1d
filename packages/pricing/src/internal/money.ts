const MICRO = 1e6;
const NANO = 1e9;
// One cent in billionths of a dollar times millionths of a unit.
const CENT = 10n ** 13n;

/** A quantity to the millionth, so that 0.1 × 730 is 73 and not 73.00000000000001. */
export function roundQuantity(quantity: number): number {
  return Math.round(quantity * MICRO) / MICRO;
}

/** A price to the billionth of a dollar: `price / units` without float noise. */
export function pricePerUnit(price: number, units: number): number {
  return Math.round((price * NANO) / units) / NANO;
}

/** Quantity × price in whole cents, half a cent upwards. Integer arithmetic: exact to the millionth of a unit. */
export function costInCents(quantity: number, price: number): number {
  const product = BigInt(Math.round(quantity * MICRO)) * BigInt(Math.round(price * NANO));
  return Number((product + CENT / 2n) / CENT);
}

/** Dollars of whole cents: the nearest number, so it prints with at most two decimals. */
export function centsToDollars(cents: number): number {
  return cents / 100;
}
