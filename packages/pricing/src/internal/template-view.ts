/** A template as data: `JSON.parse` of what a synthesis or a person wrote. */
export type CloudFormationTemplate = Readonly<Record<string, unknown>>;

export type Properties = Readonly<Record<string, unknown>>;

export interface ResourceView {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  /** Name of the template's condition that decides whether the resource is made. */
  readonly condition: string | undefined;
}

export interface NamedTemplate {
  readonly name: string;
  readonly template: CloudFormationTemplate;
}

export function asRecord(value: unknown): Properties | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : undefined;
}

/** The records of a list; what is not a list has none. */
export function asRecords(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? value.map((item) => asRecord(item) ?? {}) : [];
}

/** The argument of a one-key intrinsic such as `{ Ref: 'X' }`. */
export function intrinsic(value: unknown, name: string): unknown {
  const record = asRecord(value);
  return record !== undefined && Object.keys(record).length === 1 ? record[name] : undefined;
}

export function resourceView(logicalId: string, value: unknown): ResourceView | undefined {
  const record = asRecord(value);
  if (typeof record?.Type !== 'string') return undefined;
  const { Type: type, Properties: properties, Condition: condition } = record;
  return {
    logicalId,
    type,
    properties: asRecord(properties) ?? {},
    condition: typeof condition === 'string' ? condition : undefined,
  };
}
