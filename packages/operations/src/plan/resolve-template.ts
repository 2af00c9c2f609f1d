import type { TemplateResource } from './security-rules.js';

export interface LiveStack {
  readonly templateBody: string;
  /** Values by parameter name; of an SSM parameter what it was resolved to. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Physical ids by logical id. */
  readonly physicalIds: Readonly<Record<string, string>>;
}

/**
 * The resources of a deployed JSON template, each with a way to know what its values are in the account: literals,
 * `Ref`, and `Fn::GetAtt` of an id. Anything else is not known. Undefined of a template that is not JSON.
 */
export function resolveTemplate({
  templateBody,
  parameters,
  physicalIds,
}: LiveStack): readonly TemplateResource[] | undefined {
  const resolve = (value: unknown): string | undefined => {
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    if (typeof value !== 'object' || value === null) return undefined;
    const { Ref: reference, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: unknown };
    if (typeof reference === 'string') return parameters[reference] ?? physicalIds[reference];
    const [logicalId, name] = Array.isArray(attribute) ? attribute.map(String) : [];
    return name === 'GroupId' || name === 'Id' ? physicalIds[logicalId ?? ''] : undefined;
  };
  const template = parseTemplate(templateBody);
  if (template === undefined) return undefined;
  return Object.entries(template.Resources ?? {}).map(([logicalId, { Type, Properties = {} }]) => ({
    logicalId,
    type: Type,
    properties: Properties,
    resolve,
  }));
}

interface Template {
  readonly Resources?: Readonly<Record<string, { Type: string; Properties?: Readonly<Record<string, unknown>> }>>;
}

function parseTemplate(text: string): Template | undefined {
  try {
    return JSON.parse(text) as Template;
  } catch {
    return undefined;
  }
}
