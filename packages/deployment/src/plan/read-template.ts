/** A resource as a template declares it. */
export interface TemplateResource {
  readonly logicalId: string;
  /** E.g. `AWS::S3::Bucket`. */
  readonly type: string;
  /** Whether CloudFormation leaves the resource in place when the stack is deleted. */
  readonly retained: boolean;
}

/** What this package reads in a template. */
export interface TemplateSummary {
  /** In the order of the template, also those whose condition may turn out false. */
  readonly resources: readonly TemplateResource[];
  readonly parameters: readonly TemplateParameter[];
}

export interface TemplateParameter {
  readonly name: string;
  /** E.g. `AWS::SSM::Parameter::Value<String>`. */
  readonly type: string;
  /** In the form in which CloudFormation tells it. Undefined without a default. */
  readonly defaultValue: string | undefined;
  /** Whether CloudFormation shows the value to nobody. */
  readonly hidden: boolean;
}

/** The deletion policies that leave a resource in place when its stack goes. */
export const RETAINING_POLICIES = new Set(['Retain', 'RetainExceptOnCreate']);

/**
 * A JSON template as an object. Undefined for YAML: its short tags such as `!Ref` belong to CloudFormation, which reads
 * it all the same.
 *
 * @throws SyntaxError when the text begins as JSON and is not
 */
export function parseTemplate(templateBody: string): Record<string, unknown> | undefined {
  return templateBody.trimStart().startsWith('{') ? asRecord(JSON.parse(templateBody)) : undefined;
}

/**
 * The resources and parameters of a JSON template. Undefined for YAML.
 *
 * @throws SyntaxError when the text begins as JSON and is not
 */
export function readTemplate(templateBody: string): TemplateSummary | undefined {
  const template = parseTemplate(templateBody);
  if (template === undefined) return undefined;
  return {
    resources: Object.entries(asRecord(template.Resources)).map(([logicalId, value]) => {
      const { Type, DeletionPolicy } = asRecord(value);
      return { logicalId, type: String(Type ?? 'unknown'), retained: RETAINING_POLICIES.has(String(DeletionPolicy)) };
    }),
    parameters: Object.entries(asRecord(template.Parameters)).map(([name, value]) => {
      const { Type, Default, NoEcho } = asRecord(value);
      const defaultValue = Default === undefined ? undefined : String(Default);
      return { name, type: String(Type ?? 'String'), defaultValue, hidden: String(NoEcho) === 'true' };
    }),
  };
}

/** The value where it is an object, else an empty one. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
