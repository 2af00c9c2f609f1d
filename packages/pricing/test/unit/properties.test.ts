import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CostLine, formatCostEstimate, PRICE_TABLE } from '../../src/index.js';
import { estimates } from './arbitrary-estimates.js';

const cents = (dollars: number) => Math.round(dollars * 100);

describe('any estimate', () => {
  it('gives a total that is the sum of its known lines to the cent', () => {
    fc.assert(
      fc.property(estimates, (result) => {
        const known = result.lines.flatMap(({ monthlyCost }) => (monthlyCost === 'unknown' ? [] : [monthlyCost]));
        expect(cents(result.totalMonthly)).toBe(known.reduce((sum, cost) => sum + cents(cost), 0));
        expect(result.unknownCount).toBe(result.lines.length - known.length);
      }),
    );
  });

  it('gives lines whose cost is quantity × price to half a cent, and is unknown when one of them is', () => {
    const check = ({ quantity, unitPrice, monthlyCost, source, sourceDate }: CostLine) => {
      if (quantity === 'unknown' || unitPrice === 'unknown') return expect(monthlyCost).toBe('unknown');
      expect(Math.abs(Number(monthlyCost) - quantity * unitPrice)).toBeLessThanOrEqual(0.005 + 1e-9 * quantity);
      expect(PRICE_TABLE.sources).toHaveProperty(source.split('#')[0] ?? '');
      return expect(sourceDate).toMatch(/^\d{4}-\d\d-\d\d$/);
    };
    fc.assert(fc.property(estimates, (result) => result.lines.forEach(check)));
  });

  it('prints in at most 110 columns, the same each time, without control characters', () => {
    fc.assert(
      fc.property(estimates, (result) => {
        const text = formatCostEstimate(result);
        expect(Math.max(...text.split('\n').map((row) => row.length))).toBeLessThanOrEqual(110);
        expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
        expect(formatCostEstimate(result)).toBe(text);
      }),
    );
  });
});
