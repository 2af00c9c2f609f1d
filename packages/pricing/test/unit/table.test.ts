import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findPrice, PRICE_TABLE } from '../../src/index.js';

const room = join(import.meta.dirname, '..', '..');
const tableFile = join(room, 'src', 'table', 'price-table.ts');
const source = process.env.PRICING_SOURCE;

describe('price table', () => {
  it('has a source and a date for each of its rows', () => {
    for (const group of PRICE_TABLE.groups) {
      const found = PRICE_TABLE.sources[group.source.split('#')[0] ?? ''];
      expect(found, group.source).toBeDefined();
      expect(found?.licence).not.toBe('');
      expect(group.date).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(found?.dates).toContain(group.date);
      expect(group.date <= PRICE_TABLE.date).toBe(true);
    }
  });

  it('has one price or none for each region of a row, and no price twice', () => {
    const seen = new Set<string>();
    for (const { service, item, regions, prices } of PRICE_TABLE.groups) {
      for (const [key, row] of Object.entries(prices)) {
        expect(row).toHaveLength(regions.length);
        row.forEach((price, index) => {
          if (price === null) return;
          const name = [service, item, key, regions[index]].join(' ');
          expect(seen.has(name), name).toBe(false);
          expect(price).toBeGreaterThan(0);
          seen.add(name);
        });
      }
    }
    expect(seen.size).toBeGreaterThan(900);
  });

  it('stays small', () => {
    expect(gzipSync(readFileSync(tableFile)).length).toBeLessThan(60 * 1024);
  });

  // The compilation that the table is made from is not part of the repository: whoever has it checks it.
  if (source !== undefined) {
    it('is what its script makes', () => {
      const output = join(mkdtempSync(join(tmpdir(), 'pricing-')), 'price-table.ts');
      execFileSync(process.execPath, [join(room, 'scripts', 'generate-table.mjs'), source, output]);
      expect(readFileSync(output, 'utf8')).toBe(readFileSync(tableFile, 'utf8'));
    });
  }
});

describe('findPrice', () => {
  const balancer = { service: 'elb', item: 'alb', key: 'hour' };

  it('finds the price of its region only', () => {
    expect(findPrice(balancer, 'us-east-1')).toEqual({
      unitPrice: 0.0225,
      unit: 'hour',
      source: 'ape-elb',
      sourceDate: '2026-09-20',
    });
    expect(findPrice(balancer, 'us-east-2')).toBeUndefined();
    expect(findPrice({ ...balancer, key: 'constructor' }, 'us-east-1')).toBeUndefined();
  });

  it('gives the price of one where AWS prices thousands', () => {
    expect(findPrice({ service: 's3', item: 'request', key: 'get' }, 'ap-northeast-1')).toMatchObject({
      unitPrice: 0.00000037,
      unit: 'request',
    });
  });

  it('leaves out prices without a date, such as m7i-flex in Ireland', () => {
    const flex = { service: 'ec2', item: 'instance', key: 'm7i-flex.large' };
    expect(findPrice(flex, 'eu-central-1')?.unitPrice).toBe(0.1147);
    expect(findPrice(flex, 'eu-west-1')).toBeUndefined();
  });
});
