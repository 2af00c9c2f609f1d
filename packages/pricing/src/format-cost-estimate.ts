import type { CostEstimate, CostLine } from './cost-estimate.js';
import { amount, clip, decimal, wrap } from './internal/text.js';

const WIDTH = 110;
const NARROWEST_WHAT = 20;

/**
 * The estimate as a plain-text table of at most 110 columns: what, quantity × unit price = monthly cost, then the
 * total, the notes, the assumptions and the dates. A letter marks the assumption that a line follows from, a number
 * its note. The same estimate gives the same text. No colours, no trailing line break.
 */
export function formatCostEstimate(estimate: CostEstimate): string {
  const { lines, region, currency } = estimate;
  const letters = new Map(usageNames(lines).map((name, index) => [name, letter(index)]));
  const notes = [...new Set(lines.flatMap(({ note }) => note ?? []))];
  const rows = lines.map((line) => cells(line, letters, notes));
  const width = (column: keyof Omit<Cells, 'what' | 'stack'>) => Math.max(0, ...rows.map((row) => row[column].length));
  const widths = { quantity: width('quantity'), unit: width('unit'), price: width('price'), cost: width('cost') };
  const total = amount(estimate.totalMonthly);
  const costWidth = Math.max(widths.cost, total.length);
  // Two spaces before and after `what`; ` ` between quantity and unit; ` × `; ` = `; two before the marks.
  const rest = 2 + 2 + widths.quantity + 1 + widths.unit + 3 + widths.price + 3 + costWidth + 2 + width('marks');
  const longest = Math.max('total a month'.length, ...rows.map(({ what }) => what.length));
  const whatWidth = Math.max(NARROWEST_WHAT, Math.min(longest, WIDTH - rest));

  const table = rows.flatMap((row, index) => {
    const product = `${row.quantity.padStart(widths.quantity)} ${row.unit.padEnd(widths.unit)} × ${row.price.padStart(widths.price)}`;
    const text = `  ${clip(row.what, whatWidth).padEnd(whatWidth)}  ${product} = ${row.cost.padStart(costWidth)}  ${row.marks}`;
    const heading = row.stack === rows[index - 1]?.stack ? [] : [clip(row.stack, WIDTH)];
    return [...heading, text];
  });
  const untilCost = rest - 2 - width('marks') - costWidth - 2 + whatWidth;
  const unknown = estimate.unknownCount === 0 ? '' : `  plus ${estimate.unknownCount} unknown`;
  const totalLine = `  ${'total a month'.padEnd(untilCost)}${total.padStart(costWidth)}${unknown}`;

  return [
    `monthly cost on AWS in ${clip(region, 30)}, ${currency}`,
    '',
    ...table,
    ...(totalLine.length <= WIDTH ? [totalLine] : [totalLine.slice(0, totalLine.length - unknown.length), unknown]),
    '',
    ...notes.flatMap((note, index) => wrap(note, WIDTH, `${index + 1}  `)),
    ...(notes.length === 0 ? [] : ['']),
    ...assumptionLines(estimate, letters),
    ...footer(estimate).flatMap((text) => wrap(text, WIDTH)),
  ]
    .map((text) => text.trimEnd())
    .join('\n');
}

interface Cells {
  readonly stack: string;
  readonly what: string;
  readonly quantity: string;
  readonly unit: string;
  readonly price: string;
  readonly cost: string;
  readonly marks: string;
}

function cells(line: CostLine, letters: ReadonlyMap<string, string>, notes: readonly string[]): Cells {
  const marks = [
    ...(line.assumption === undefined ? [] : [letters.get(line.assumption) ?? '']),
    ...(line.note === undefined ? [] : [String(notes.indexOf(line.note) + 1)]),
  ];
  return {
    stack: line.stack,
    what: line.what,
    quantity: decimal(line.quantity),
    unit: line.unit,
    price: decimal(line.unitPrice),
    cost: line.monthlyCost === 'unknown' ? 'unknown' : amount(line.monthlyCost),
    marks: marks.join(' '),
  };
}

function usageNames(lines: readonly CostLine[]): readonly string[] {
  return [...new Set(lines.flatMap(({ assumption }) => assumption ?? []))];
}

// Assumptions are fewer than letters: USAGE_ASSUMPTIONS has fewer than 26.
const letter = (index: number) => String.fromCharCode('a'.charCodeAt(0) + index);

function assumptionLines({ assumptions }: CostEstimate, letters: ReadonlyMap<string, string>): readonly string[] {
  if (assumptions.length === 0) return [];
  const ordered = [...assumptions].sort((one, other) => rank(letters, one.name) - rank(letters, other.name));
  const names = Math.max(...assumptions.map(({ name }) => name.length));
  const rows = ordered.flatMap(({ name, value, unit, description, isDefault }) => {
    const start = `${letters.get(name) ?? ' '}  ${name.padEnd(names)}  `;
    return wrap(`${decimal(value)} ${unit} ${description}${isDefault ? '' : ' (given)'}`, WIDTH, start);
  });
  return ['assumptions', ...rows, ''];
}

const rank = (letters: ReadonlyMap<string, string>, name: string) => letters.get(name)?.charCodeAt(0) ?? 0;

function footer({ lines, free, tableDate }: CostEstimate): readonly string[] {
  const dates = lines.flatMap(({ sourceDate }) => (sourceDate === 'unknown' ? [] : [sourceDate])).sort();
  const span = dates.length === 0 ? '' : `, prices of these lines from ${dates[0]} to ${dates.at(-1)}`;
  const count = free.reduce((sum, item) => sum + item.count, 0);
  return [
    ...(count === 0 ? [] : [`${count} more resources have no charge of their own`]),
    `price table of ${tableDate}${span}`,
    'each line is rounded to a cent, the total is the sum of the lines that are known',
    'not included: taxes, free tier, discounts, data transfer between zones and to the internet',
  ];
}
