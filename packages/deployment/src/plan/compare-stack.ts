import { isDeepStrictEqual } from 'node:util';
import type { StackDefinition } from '../options/stack-definition.js';
import { parseTemplate, readTemplate } from './read-template.js';

/** What of an existing stack decides whether a change set could hold anything. */
export interface ComparedStack {
  readonly status: string;
  readonly parameters: Readonly<Record<string, { readonly value: string; readonly resolvedValue: string | undefined }>>;
}

/** The states in which a stack certainly has the template that it names, whole. */
const WHOLE = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);

/**
 * What may change although the template does not: macros and transforms, whose result is computed anew, nested stacks,
 * whose template lies elsewhere, and modules, whose default version may be another by now. A dynamic reference is not
 * among them: CloudFormation looks its value up only when the property that holds it changes.
 */
const MOVES_BY_ITSELF = /Fn::Transform|!Transform|"Transform"\s*:|^Transform:|AWS::CloudFormation::Stack\b|::MODULE\b/m;

/** How a template reads a value that is no parameter, under a name that may be put together. */
const READS_ELSEWHERE = /\{\{resolve:|Fn::ImportValue|!ImportValue/;

/** Characters that GetTemplate does not tell: it answers each of them by a question mark. */
const NOT_ASCII = /[^\0-\x7f]/;

const SSM_TYPE = 'AWS::SSM::Parameter::Value<';

/**
 * Names of all SSM parameters that the stack reads, so that nothing else of what other stacks make can change what an
 * update of it does. Undefined where it may read in ways that cannot be followed here: YAML, imports, dynamic references,
 * and whatever moves by itself.
 */
export function findInputs({
  templateBody,
  parameters: given = {},
}: Pick<StackDefinition, 'templateBody' | 'parameters'>): readonly string[] | undefined {
  const template = readTemplate(templateBody);
  if (template === undefined || MOVES_BY_ITSELF.test(templateBody) || READS_ELSEWHERE.test(templateBody)) {
    return undefined;
  }
  return template.parameters.flatMap(({ name, type, defaultValue }) => {
    const input = given[name] ?? defaultValue;
    return type.startsWith(SSM_TYPE) && input !== undefined ? [input] : [];
  });
}

/** What CloudFormation tells for the value of a `NoEcho` parameter. */
export const HIDDEN_VALUE = '****';

/**
 * Whether status, parameters and template leave the comparison to be made without CloudFormation. `resolved` are the
 * values that SSM parameters have now, by name; what is missing there counts as changed.
 */
export function hasParameters(
  { templateBody, parameters: given = {} }: Pick<StackDefinition, 'templateBody' | 'parameters'>,
  { status, parameters: existing }: ComparedStack,
  resolved: ReadonlyMap<string, string>,
): boolean {
  if (!WHOLE.has(status) || MOVES_BY_ITSELF.test(templateBody) || NOT_ASCII.test(templateBody)) return false;
  const wanted = wantedParameters(templateBody, given);
  const names = Object.keys(existing);
  if (names.length !== Object.keys(wanted).length) return false;
  return names.every((name) => {
    const { value, resolvedValue } = existing[name] as ComparedStack['parameters'][string];
    if (value !== wanted[name] || value === HIDDEN_VALUE) return false;
    return resolvedValue === undefined || resolved.get(value) === resolvedValue;
  });
}

/**
 * The values of all parameters, by name. With YAML only those that are given: its defaults cannot be read, and where they
 * matter nothing is the same.
 */
export function wantedParameters(
  templateBody: string,
  given: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const declared = readTemplate(templateBody)?.parameters ?? [];
  const defaults = declared.flatMap(({ name, defaultValue }) =>
    defaultValue === undefined ? [] : [[name, defaultValue]],
  );
  return { ...Object.fromEntries(defaults), ...given };
}

/** Whether two templates say the very same, whatever their white space. */
export function isSameTemplate(a: string, b: string): boolean {
  if (a === b) return true;
  const [first, second] = [parseTemplate(a), parseTemplate(b)];
  return first !== undefined && isDeepStrictEqual(first, second);
}
