// Writes src/table/price-table.ts from a collection of sourced prices:
//   node scripts/generate-table.mjs <prices.json> [<output file>]
// The same input gives the same bytes. Rows without a date and rows that are computed instead of read are left out:
// an estimate prints `unknown` for them.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WANTED = new Set([
  'backup/storage/efs-warm',
  'cloudwatch/alarm',
  'cloudwatch/dashboard',
  'cloudwatch/logs',
  'cloudwatch/metric',
  'ebs/iops/gp3-over-3000',
  'ebs/throughput/gp3-over-125',
  'ebs/volume/gp3',
  'ec2/instance',
  'ecr/storage',
  'efs/elastic-throughput',
  'efs/provisioned-throughput',
  'efs/storage/one-zone',
  'efs/storage/standard',
  'elb/alb',
  'elb/nlb',
  'fargate/task/ephemeral-storage',
  'fargate/task/memory-linux-arm',
  'fargate/task/memory-linux-x86',
  'fargate/task/vcpu-linux-arm',
  'fargate/task/vcpu-linux-x86',
  'kms/key',
  'kms/request',
  'route53/zone',
  's3/request',
  's3/storage',
  'secretsmanager/request',
  'secretsmanager/secret',
  'sns/notification',
  'vpc/interface-endpoint',
  'vpc/nat-gateway',
  'vpc/public-ipv4',
]);

const isWanted = (row) =>
  (WANTED.has(`${row.service}/${row.item}`) || WANTED.has(`${row.service}/${row.item}/${row.key}`)) &&
  (row.market ?? 'on-demand') === 'on-demand' &&
  (row.os ?? 'linux') === 'linux' &&
  row.derived !== true &&
  /^\d{4}-\d\d-\d\d$/.test(row.sourceDate);

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const unique = (values) => [...new Set(values)].sort(compare);
const quote = (text) => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);
const property = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name));

const field = (indent, name, text) => `${indent}${name}: ${quote(text)},`;

function array(indent, name, items) {
  const line = `${indent}${property(name)}: [${items.join(', ')}],`;
  return line.length <= 120
    ? line
    : `${indent}${property(name)}: [\n${items.map((item) => `${indent}  ${item},`).join('\n')}\n${indent}],`;
}

function sourceText(key, source, rows) {
  const dates = unique(rows.filter((row) => row.source.split('#')[0] === key).map((row) => row.sourceDate));
  return [
    `    ${property(key)}: {`,
    field('      ', 'name', source.repo ?? source.url),
    field('      ', 'what', source.what),
    array('      ', 'dates', dates.map(quote)),
    field('      ', 'licence', source.licence),
    ...(source.commit === undefined ? [] : [field('      ', 'commit', source.commit)]),
    '    },',
  ].join('\n');
}

function groupText(rows, regions) {
  const [first] = rows;
  const keys = unique(rows.map((row) => row.key));
  const prices = keys.map((key) => {
    const own = rows.filter((row) => row.key === key);
    return array(
      '        ',
      key,
      regions.map((region) => String(own.find((row) => row.region === region)?.price ?? null)),
    );
  });
  return [
    '    {',
    ...['service', 'item', 'unit', 'source'].map((name) => field('      ', name, first[name])),
    field('      ', 'date', first.sourceDate),
    ...(first.confidence === undefined ? [] : [field('      ', 'confidence', first.confidence)]),
    array('      ', 'regions', regions.map(quote)),
    '      prices: {',
    ...prices,
    '      },',
    '    },',
  ].join('\n');
}

function tableText(collection) {
  const rows = collection.rows.filter(isWanted);
  const seen = new Set();
  for (const row of rows) {
    const identity = [row.service, row.item, row.key, row.region].join(' ');
    if (seen.has(identity)) throw new Error(`two prices for ${identity}: the table holds one`);
    if (!Number.isFinite(row.price) || row.price < 0) throw new Error(`the price of ${identity} is '${row.price}'`);
    seen.add(identity);
  }
  const groups = new Map();
  for (const row of rows) {
    const id = [row.service, row.item, row.unit, row.source, row.sourceDate, row.confidence ?? ''].join(' ');
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  const keys = unique(rows.map((row) => row.source.split('#')[0]));
  return `// Made by scripts/generate-table.mjs. Do not edit: change the collection of prices and make it again.
import type { PriceTable } from './price-table-type.js';

export const PRICE_TABLE: PriceTable = {
  date: ${quote(collection.compiled)},
  currency: ${quote(collection.currency)},
  sources: {
${keys.map((key) => sourceText(key, collection.sources[key], rows)).join('\n')}
  },
  groups: [
${[...groups.keys()]
  .sort(compare)
  .map((id) => groupText(groups.get(id), unique(groups.get(id).map((row) => row.region))))
  .join('\n')}
  ],
};
`;
}

const [input, output = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'table', 'price-table.ts')] =
  process.argv.slice(2);
if (input === undefined) {
  console.error('usage: node scripts/generate-table.mjs <prices.json> [<output file>]');
  process.exitCode = 2;
} else {
  writeFileSync(output, tableText(JSON.parse(readFileSync(input, 'utf8'))));
}
