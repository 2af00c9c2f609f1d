import type { z } from 'zod';
import { expectationOf } from './internal/expectation.js';
import { type JsonSchema, keysOf, type SchemaKey, toInputSchema } from './internal/schema-walk.js';

/**
 * Every key of the schema as markdown: one table for the root and one for each mapping or list in it. The same
 * schema gives the same text.
 */
export function renderConfigReference(schema: z.ZodType): string {
  const root = toInputSchema(schema);
  const keys = keysOf(root);
  const parents = [...new Set(keys.map((key) => key.parent))];
  const sections = parents.map((parent) => {
    const own = keys.filter((key) => key.parent === parent);
    const heading = parent === '' ? [] : [`## \`${parent}\``, ''];
    const names = [...new Set(own.map((key) => key.name))];
    const rows = names.map((name) =>
      row(
        root,
        own.filter((key) => key.name === name),
      ),
    );
    return [...heading, '| key | type | default | description |', '| --- | --- | --- | --- |', ...rows].join('\n');
  });
  return `${sections.join('\n\n')}\n`;
}

/** One row for all variants of a union that have the key. */
function row(root: JsonSchema, keys: readonly SchemaKey[]): string {
  const [first] = keys;
  if (first === undefined) return '';
  const path = first.parent === '' ? first.name : `${first.parent}.${first.name}`;
  const type =
    expectationOf(
      root,
      keys.map((key) => key.schema),
    ) ?? 'any value';
  const descriptions = [...new Set(keys.map((key) => key.schema.description ?? '').filter(Boolean))];
  const cells = [`\`${path}\``, cell(type), defaultText(first, keys.length === 1), cell(descriptions.join(' '))];
  return `| ${cells.join(' | ')} |`;
}

function defaultText(key: SchemaKey, isOfOneVariant: boolean): string {
  const only = isOfOneVariant && key.variant !== undefined ? ` with \`${cell(key.variant)}\`` : '';
  if (key.isRequired) return `*required*${only}`;
  const value = key.schema.default;
  if (value === undefined) return `none${only}`;
  // The default of a mapping is made of the defaults of its keys, which stand in its own table.
  return JSON.stringify(value) === '{}' && key.schema.properties !== undefined
    ? 'see its keys'
    : `${code(value)}${only}`;
}

function code(value: unknown): string {
  return `\`${cell(typeof value === 'string' ? value || '""' : JSON.stringify(value))}\``;
}

function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}
