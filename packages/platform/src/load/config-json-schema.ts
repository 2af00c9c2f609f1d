import type { z } from 'zod';
import { toInputSchema } from './internal/schema-walk.js';

export interface ConfigJsonSchemaOptions {
  /** The address under which the schema is published. */
  readonly id: string;
  /** What editors call it. */
  readonly title: string;
}

/** The JSON schema of what a person writes, as draft 7: editors support the newer drafts only in part. */
export function configJsonSchema(
  schema: z.ZodType,
  options: ConfigJsonSchemaOptions,
): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = toInputSchema(schema);
  return { $schema, $id: options.id, title: options.title, ...rest };
}
