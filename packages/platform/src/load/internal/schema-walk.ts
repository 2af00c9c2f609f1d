import { z } from 'zod';

/** A JSON schema as far as this package reads one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** The schema of what a person writes: defaults are optional there. */
export function toInputSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any' }) as JsonSchema;
}

/** Follows `$ref` and takes `anyOf`, `oneOf` and `allOf` apart; leaves out variants that `value` contradicts. */
export function variantsOf(root: JsonSchema, schema: JsonSchema, value?: unknown): readonly JsonSchema[] {
  const reference = schema.$ref;
  if (typeof reference === 'string') {
    const target = reference
      .split('/')
      .slice(1)
      .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], root);
    return target === undefined ? [] : variantsOf(root, target as JsonSchema, value);
  }
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (inner.length > 0) return inner.flatMap((variant) => variantsOf(root, variant, value));
  return contradicts(schema, value) ? [] : [schema];
}

function contradicts(schema: JsonSchema, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const given = value as Record<string, unknown>;
  return Object.entries(schema.properties ?? {}).some(
    ([key, property]) => property.const !== undefined && Object.hasOwn(given, key) && given[key] !== property.const,
  );
}

/** What the schema says about the value at `path`: one entry for each variant of a union on the way. */
export function schemasAt(root: JsonSchema, path: readonly PropertyKey[], value: unknown): readonly JsonSchema[] {
  let schemas = variantsOf(root, root, value);
  let current = value;
  for (const segment of path) {
    current = (current as Record<PropertyKey, unknown> | null | undefined)?.[segment];
    const below = current;
    schemas = schemas
      .flatMap((schema) => childrenAt(schema, segment))
      .flatMap((child) => variantsOf(root, child, below));
  }
  return schemas;
}

function childrenAt(schema: JsonSchema, segment: PropertyKey): readonly JsonSchema[] {
  if (typeof segment === 'number') {
    const items = schema.items;
    if (items === undefined) return [];
    const item = Array.isArray(items) ? (items as readonly JsonSchema[])[segment] : (items as JsonSchema);
    return item === undefined ? [] : [item];
  }
  const properties = schema.properties ?? {};
  const property = Object.hasOwn(properties, segment) ? properties[String(segment)] : undefined;
  if (property !== undefined) return [property];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

/** The keys that may stand in the mapping at `path`. */
export function knownKeysAt(root: JsonSchema, path: readonly PropertyKey[], value: unknown): readonly string[] {
  return [...new Set(schemasAt(root, path, value).flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

/** One key that a person may write. */
export interface SchemaKey {
  readonly name: string;
  /** Where it stands: `masters[]`, `network`; empty for a key of the root. */
  readonly parent: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
  /** When it is a key of one variant of a union: what tells that variant, e.g. `kind: https`. */
  readonly variant: string | undefined;
}

/** Every key of the schema, parents before children, in the schema's order. */
export function keysOf(root: JsonSchema): readonly SchemaKey[] {
  const keys: SchemaKey[] = [];
  const visit = (schema: JsonSchema, at: string, above: readonly JsonSchema[]): void => {
    const variants = variantsOf(root, schema);
    for (const variant of variants) {
      if (above.includes(variant)) continue;
      const within = [...above, variant];
      const mark = variants.length > 1 ? markOf(variant) : undefined;
      for (const [name, property] of Object.entries(variant.properties ?? {})) {
        const isRequired = variant.required?.includes(name) ?? false;
        keys.push({ name, parent: at, schema: property, isRequired, variant: mark });
        visit(property, at === '' ? name : `${at}.${name}`, within);
      }
      const items = Array.isArray(variant.items) ? variant.items : variant.items === undefined ? [] : [variant.items];
      for (const item of items as readonly JsonSchema[]) visit(item, `${at}[]`, within);
      if (typeof variant.additionalProperties === 'object') visit(variant.additionalProperties, `${at}.<name>`, within);
    }
  };
  visit(root, '', []);
  return keys;
}

function markOf(variant: JsonSchema): string | undefined {
  const [mark] = Object.entries(variant.properties ?? {}).filter(([, property]) => property.const !== undefined);
  return mark === undefined ? undefined : `${mark[0]}: ${String(mark[1].const)}`;
}
