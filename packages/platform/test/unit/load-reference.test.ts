import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configJsonSchema } from '../../src/load/config-json-schema.js';
import { renderConfigReference } from '../../src/load/render-config-reference.js';
import { schema } from './load-schema.js';

describe('what is published of the schema', () => {
  it('is a draft 7 JSON schema of what a person writes', () => {
    const published = configJsonSchema(schema, { id: 'https://example.com/s.json', title: 'Configuration' });
    expect(Object.keys(published).slice(0, 3)).toEqual(['$schema', '$id', 'title']);
    expect(published).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'https://example.com/s.json',
      title: 'Configuration',
      required: ['name', 'masters'],
      additionalProperties: false,
      properties: { network: { description: 'The network.', properties: { zones: { default: 2, minimum: 2 } } } },
    });
  });

  it('is a table of every key', () => {
    const reference = renderConfigReference(schema);
    expect(reference).toBe(renderConfigReference(schema));
    expect(reference.split('\n')).toEqual(
      expect.arrayContaining([
        '| `name` | text | *required* | What it is called. |',
        '| `network` | a mapping | see its keys | The network. |',
        '| `tags` | a mapping | `{}` |  |',
        '## `network`',
        '| `network.cidr` | text | `10.0.0.0/16` | The range \\| of everything. |',
        "| `network.nat` | 'none', 'one' or 'per-zone' | `one` |  |",
        "| `masters[].listener.kind` | 'https' or 'http' | *required* |  |",
        '| `masters[].listener.reason` | text that is not empty | *required* with `kind: http` |  |',
      ]),
    );
  });

  it('ends also for a schema that holds itself', () => {
    const node = z.strictObject({
      name: z.string(),
      get children() {
        return z.array(node).optional();
      },
    });
    expect(renderConfigReference(node)).toContain('`children`');
  });
});
