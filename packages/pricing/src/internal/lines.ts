import type { CostLine } from '../cost-estimate.js';
import { findPrice } from '../find-price.js';
import type { Charge } from './charge.js';
import { centsToDollars, costInCents, roundQuantity } from './money.js';

/** Gathers charges to lines: equal things of one stack become one line with their quantities added. */
export function createLines(region: string) {
  const lines = new Map<string, CostLine>();
  return {
    add(stack: string, logicalId: string, charge: Charge): void {
      const line = lineOf(stack, logicalId, charge, region);
      const { what, kind, assumption, unit, unitPrice, source, note } = line;
      const isCounted = line.quantity !== 'unknown';
      const key = JSON.stringify([stack, what, kind, assumption, unit, unitPrice, source, note, isCounted]);
      const present = lines.get(key);
      lines.set(key, present === undefined ? line : merge(present, line));
    },
    all: (): readonly CostLine[] => [...lines.values()],
    /** In cents, so that the sum of the lines is the total to the cent. */
    totalCents: (): number =>
      [...lines.values()].reduce((sum, { quantity, unitPrice }) => sum + (centsOf(quantity, unitPrice) ?? 0), 0),
  };
}

function lineOf(stack: string, logicalId: string, charge: Charge, region: string): CostLine {
  const { what, unit, assumption } = charge;
  const found = charge.price === 'unknown' ? undefined : findPrice(charge.price, region);
  const price = found?.unit === unit ? found : undefined;
  const notes = [
    ...(charge.note === undefined ? [] : [charge.note]),
    ...(charge.price !== 'unknown' && price === undefined ? [`no sourced price in ${region}`] : []),
    ...(price?.confidence === 'low' ? ["the price is from a third party's page"] : []),
  ];
  return priced({
    stack,
    logicalIds: [logicalId],
    what,
    kind: assumption === undefined ? 'fixed' : 'usage',
    ...(assumption === undefined ? {} : { assumption }),
    quantity: charge.quantity === 'unknown' ? 'unknown' : roundQuantity(charge.quantity),
    unit,
    unitPrice: price?.unitPrice ?? 'unknown',
    monthlyCost: 'unknown',
    source: price?.source ?? 'unknown',
    sourceDate: price?.sourceDate ?? 'unknown',
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
  });
}

function merge(one: CostLine, other: CostLine): CostLine {
  const { quantity } = one;
  const isCounted = quantity !== 'unknown' && other.quantity !== 'unknown';
  return priced({
    ...one,
    logicalIds: [...new Set([...one.logicalIds, ...other.logicalIds])],
    quantity: isCounted ? roundQuantity(quantity + Number(other.quantity)) : 'unknown',
  });
}

function priced(line: CostLine): CostLine {
  const cents = centsOf(line.quantity, line.unitPrice);
  return { ...line, monthlyCost: cents === undefined ? 'unknown' : centsToDollars(cents) };
}

function centsOf(quantity: CostLine['quantity'], unitPrice: CostLine['unitPrice']): number | undefined {
  return quantity === 'unknown' || unitPrice === 'unknown' ? undefined : costInCents(quantity, unitPrice);
}
