import { alternatives } from './quote.js';
import { type JsonSchema, variantsOf } from './schema-walk.js';

/** What a value must be, to follow "must be": `a whole number from 2 to 6`, `'one' or 'none'`. */
export function expectationOf(root: JsonSchema, schemas: readonly JsonSchema[]): string | undefined {
  const variants = schemas.flatMap((schema) => variantsOf(root, schema));
  const values = variants.flatMap(valuesOf);
  const others = variants.filter((schema) => valuesOf(schema).length === 0).map((schema) => typeText(root, schema));
  if (others.includes(undefined)) return undefined;
  const texts = [...new Set([...(values.length > 0 ? [alternatives(values)] : []), ...(others as string[])])];
  return texts.length === 0 ? undefined : texts.join(', or ');
}

function valuesOf(schema: JsonSchema): readonly unknown[] {
  if (schema.const !== undefined) return [schema.const];
  return schema.enum ?? [];
}

function typeText(root: JsonSchema, schema: JsonSchema): string | undefined {
  switch (schema.type) {
    case 'string':
      return stringText(schema);
    case 'integer':
    case 'number':
      return numberText(schema);
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'nothing';
    case 'array': {
      const items =
        Array.isArray(schema.items) || schema.items === undefined ? undefined : [schema.items as JsonSchema];
      const each = items === undefined ? undefined : plural(root, items);
      const size = range(schema.minItems, schema.maxItems, ' to ');
      return `a list of ${each ?? 'entries'}${size === undefined ? '' : ` (${size})`}`;
    }
    case 'object':
      return 'a mapping';
    default:
      return undefined;
  }
}

function plural(root: JsonSchema, items: readonly JsonSchema[]): string | undefined {
  const types = new Set(items.flatMap((schema) => variantsOf(root, schema)).map((schema) => schema.type));
  if (types.size !== 1) return undefined;
  if (types.has('string')) return 'texts';
  if (types.has('object')) return 'mappings';
  return types.has('number') || types.has('integer') ? 'numbers' : undefined;
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address such as ops@example.com',
  uri: 'a URL such as https://example.com',
  date: 'a date such as 2026-01-31',
  'date-time': 'a time such as 2026-01-31T12:00:00Z',
  ipv4: 'an IPv4 address such as 10.0.0.1',
  cidrv4: 'an IPv4 range in CIDR notation such as 10.0.0.0/16',
};

function stringText(schema: JsonSchema): string {
  const format = typeof schema.format === 'string' ? FORMATS[schema.format] : undefined;
  if (format !== undefined) return format;
  const length = range(schema.minLength, schema.maxLength, ' to ');
  if (schema.minLength === 1 && schema.maxLength === undefined) return 'text that is not empty';
  return `text${length === undefined ? '' : ` of ${length} characters`}`;
}

function numberText(schema: JsonSchema): string {
  const above = schema.exclusiveMinimum === undefined ? undefined : `more than ${String(schema.exclusiveMinimum)}`;
  const below = schema.exclusiveMaximum === undefined ? undefined : `less than ${String(schema.exclusiveMaximum)}`;
  const bounds = [
    range(schema.minimum, schema.maximum, ' to ', 'from '),
    above,
    below,
    schema.multipleOf === undefined ? undefined : `in steps of ${String(schema.multipleOf)}`,
  ].filter((text) => text !== undefined);
  return [schema.type === 'integer' ? 'a whole number' : 'a number', bounds.join(', ')].filter(Boolean).join(' ');
}

function range(minimum: unknown, maximum: unknown, between: string, prefix = ''): string | undefined {
  // zod writes the safe integers as bounds of every whole number; nobody set those.
  const low = typeof minimum === 'number' && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const high = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (low !== undefined && high !== undefined)
    return low === high ? `exactly ${low}` : `${prefix}${low}${between}${high}`;
  if (low !== undefined) return `at least ${low}`;
  return high === undefined ? undefined : `at most ${high}`;
}
