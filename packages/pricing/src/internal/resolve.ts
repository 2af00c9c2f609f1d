import { asRecord, type CloudFormationTemplate, intrinsic, type ResourceView, resourceView } from './template-view.js';

/** A value with the template whose parameters it speaks of. */
interface Located {
  readonly value: unknown;
  readonly template: CloudFormationTemplate;
}

/** Answers what a template's values are before it is deployed. Undefined: not known before. */
export interface Resolver {
  text(value: unknown): string | undefined;
  number(value: unknown): number | undefined;
  flag(value: unknown): boolean | undefined;
  /** How many items a list has; the items themselves may be unknown. */
  count(value: unknown): number | undefined;
  /** The resource that a `Ref` or `Fn::GetAtt` names, or that a parameter hands on from another of the templates. */
  resource(value: unknown): ResourceView | undefined;
}

// A parameter that names itself through SSM must end.
const DEEPEST = 8;
// No AWS quota is near it, and the arithmetic of money is exact far beyond it.
const LARGEST_NUMBER = 1_000_000_000;
const DYNAMIC_REFERENCE = /^\{\{resolve:ssm:([^:}]+)(?::\d+)?\}\}$/;

/**
 * Makes a resolver for each of `templates`. It follows a parameter to its default, and an SSM parameter to the
 * resource of any of the templates that writes it: stacks hand their values on by such names.
 */
export function createResolvers(templates: readonly CloudFormationTemplate[], region: string): readonly Resolver[] {
  const written = new Map<string, Located>();
  const settle = (located: Located, depth = 0): Located | undefined => {
    if (depth > DEEPEST) return undefined;
    const { value, template } = located;
    const named = (name: string | undefined) => {
      const found = name === undefined ? undefined : written.get(name);
      return found && settle(found, depth + 1);
    };
    if (typeof value === 'string' && value.includes('{{resolve:')) return named(DYNAMIC_REFERENCE.exec(value)?.[1]);
    const reference = intrinsic(value, 'Ref');
    if (typeof reference !== 'string') return located;
    if (reference === 'AWS::Region') return { value: region, template };
    const parameter = asRecord(asRecord(template.Parameters)?.[reference]);
    if (parameter === undefined) return located;
    if (parameter.Default === undefined) return undefined;
    const isSsm = String(parameter.Type).startsWith('AWS::SSM::Parameter::Value<');
    return isSsm ? named(String(parameter.Default)) : settle({ value: parameter.Default, template }, depth + 1);
  };

  for (const template of templates) {
    for (const [logicalId, resource] of Object.entries(asRecord(template.Resources) ?? {})) {
      const view = resourceView(logicalId, resource);
      if (view?.type !== 'AWS::SSM::Parameter') continue;
      const name = settle({ value: view.properties.Name, template })?.value;
      if (typeof name === 'string') written.set(name, { value: view.properties.Value, template });
    }
  }
  return templates.map((template) => resolverOf((value, depth) => settle({ value, template }, depth)));
}

function resolverOf(settle: (value: unknown, depth?: number) => Located | undefined): Resolver {
  const text = (value: unknown): string | undefined => {
    const scalar = settle(value)?.value;
    return ['string', 'number', 'boolean'].includes(typeof scalar) ? String(scalar) : undefined;
  };
  const count = (value: unknown, depth = 0): number | undefined => {
    if (depth > DEEPEST) return undefined;
    const list = settle(value, depth)?.value;
    if (Array.isArray(list)) return isDecidedLater(list) ? undefined : list.length;
    if (typeof list === 'string') return list === '' ? 0 : list.split(',').length;
    const joined = intrinsic(list, 'Fn::Join');
    if (Array.isArray(joined)) return joined[0] === ',' && Array.isArray(joined[1]) ? joined[1].length : undefined;
    const split = intrinsic(list, 'Fn::Split');
    return Array.isArray(split) && split[0] === ',' ? count(split[1], depth + 1) : undefined;
  };
  return {
    text,
    number: (value) => {
      const written = text(value) ?? '';
      return /^\d+(\.\d+)?$/.test(written) && Number(written) <= LARGEST_NUMBER ? Number(written) : undefined;
    },
    flag: (value) => {
      const written = text(value);
      return written === 'true' ? true : written === 'false' ? false : undefined;
    },
    count: (value) => count(value),
    resource: (value) => {
      const located = settle(value);
      const attribute = intrinsic(located?.value, 'Fn::GetAtt');
      const name = Array.isArray(attribute) ? attribute[0] : intrinsic(located?.value, 'Ref');
      return typeof name === 'string' ? resourceView(name, asRecord(located?.template.Resources)?.[name]) : undefined;
    },
  };
}

const isDecidedLater = (list: readonly unknown[]) => list.some((item) => intrinsic(item, 'Fn::If') !== undefined);
