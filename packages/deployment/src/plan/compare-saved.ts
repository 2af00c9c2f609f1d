import { isDeepStrictEqual } from 'node:util';
import type { StackDefinition } from '../options/stack-definition.js';
import { HIDDEN_VALUE, isSameTemplate, wantedParameters } from './compare-stack.js';
import { readTemplate } from './read-template.js';
import { partsOf, type SavedPlan, type SavedStack } from './saved-plan.js';
import { toToldTemplate } from './told-template.js';

/** What has moved, in words for a person, with the name of the stack that it is about, if one. */
export interface Difference {
  readonly stackName: string | undefined;
  readonly message: string;
}

/** What of the plan's surroundings is not as it was. */
export function compareSubject(
  plan: SavedPlan,
  now: {
    readonly account: string;
    readonly region: string;
    readonly roleArn?: string | undefined;
    readonly facts: Readonly<Record<string, string>>;
    readonly remove: readonly string[];
  },
): Difference[] {
  const moved = (what: string, before: string | undefined, after: string | undefined): Difference[] =>
    before === after ? [] : [{ stackName: undefined, message: `${what} ${valueChange(before, after)}` }];
  const names = new Set([...Object.keys(plan.facts), ...Object.keys(now.facts)]);
  return [
    ...(plan.basis === 'offline' ? [] : moved('the account', plan.account, now.account)),
    ...moved('the region', plan.region, now.region),
    ...moved('the role of cloudformation', plan.roleArn, now.roleArn),
    ...[...names].sort().flatMap((name) => moved(name, plan.facts[name], now.facts[name])),
    ...compareNames('to be removed', plan.remove, now.remove),
  ];
}

/** Which stacks are not defined as they were. */
export function compareDefinitions(saved: readonly SavedStack[], now: readonly SavedStack[]): Difference[] {
  const before = new Map(saved.map((stack) => [stack.name, stack]));
  const names = (stacks: readonly SavedStack[]) => stacks.map(({ name }) => name);
  return [
    ...compareNames('in the deployment', names(saved), names(now)),
    ...now.flatMap((stack) => {
      const planned = before.get(stack.name);
      return planned === undefined ? [] : compareDefinition(planned, stack);
    }),
  ];
}

/** What of the values that the stack reads from SSM is not as it was; `now` holds those that exist. */
export function compareInputs(
  inputs: Readonly<Record<string, string>>,
  now: ReadonlyMap<string, string>,
): readonly string[] {
  return Object.entries(inputs)
    .filter(([name, value]) => now.get(name) !== value)
    .map(([name, value]) => `reads ${name} from ssm, which ${valueChange(value, now.get(name))}`);
}

/** What a change set holds beside its changes. */
export interface ChangeSetContent {
  readonly templateBody: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * In what a change set is not made from this definition: it may hold the planned changes all the same, with other values.
 * `tags` are those that the stack shall have, undefined where they stay as they are. Hidden values are not compared.
 */
export function compareContent(
  definition: StackDefinition,
  tags: Readonly<Record<string, string>> | undefined,
  content: ChangeSetContent,
): readonly string[] {
  const messages: string[] = [];
  const [wanted, found] = [toToldTemplate(definition.templateBody), toToldTemplate(content.templateBody)];
  if (!isSameTemplate(wanted, found)) {
    const parts = compareRecords(partsOf(wanted), partsOf(found));
    messages.push(`has a change set with another template: ${parts.join(', ') || 'its text differs'}`);
  }
  const parameters = compareRecords(...visibleParameters(definition, content.parameters), valueChange);
  if (parameters.length > 0) messages.push(`has a change set with other parameters: ${parameters.join(', ')}`);
  const moved = tags === undefined ? [] : compareRecords(tags, content.tags, valueChange);
  if (moved.length > 0) messages.push(`has a change set with other tags: ${moved.join(', ')}`);
  return messages;
}

/** A default may be told or not. The values that are wanted, and those that were found. */
function visibleParameters(
  { templateBody, parameters: given = {} }: StackDefinition,
  found: Readonly<Record<string, string>>,
): [Record<string, string>, Record<string, string>] {
  const declared = readTemplate(templateBody)?.parameters;
  const hidden = new Set(declared?.filter((parameter) => parameter.hidden).map(({ name }) => name));
  const wanted = wantedParameters(templateBody, given);
  const names = Object.keys({ ...given, ...found }).filter(
    (name) => !hidden.has(name) && found[name] !== HIDDEN_VALUE && (declared !== undefined || name in given),
  );
  const pick = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
  return [pick(wanted), pick(found)];
}

function compareNames(where: string, before: readonly string[], after: readonly string[]): Difference[] {
  return [
    ...after.filter((name) => !before.includes(name)).map((stackName) => ({ stackName, message: `is ${where} now` })),
    ...before
      .filter((name) => !after.includes(name))
      .map((stackName) => ({ stackName, message: `is not ${where} any more` })),
  ];
}

function compareDefinition(before: SavedStack, after: SavedStack): Difference[] {
  const messages: string[] = [];
  if (before.templateSha256 !== after.templateSha256) {
    const parts = compareRecords(before.templateParts, after.templateParts);
    messages.push(`has another template: ${parts.join(', ') || 'its text differs, and no part that can be named'}`);
  }
  const values: (readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>])[] = [
    ['parameters', before.parameters, after.parameters],
    ['tags', before.tags ?? {}, after.tags ?? {}],
  ];
  for (const [what, old, fresh] of values) {
    const moved = compareRecords(old, fresh, valueChange);
    if (moved.length > 0) messages.push(`has other ${what}: ${moved.join(', ')}`);
  }
  if (before.terminationProtection !== after.terminationProtection) {
    messages.push(
      `has another termination protection: ${valueChange(String(before.terminationProtection), String(after.terminationProtection))}`,
    );
  }
  if (before.stackPolicyBody !== after.stackPolicyBody) messages.push('has another stack policy');
  if (!isDeepStrictEqual(before.dependsOn, after.dependsOn)) {
    messages.push(
      `depends on ${after.dependsOn.join(', ') || 'nothing'} now, on ${before.dependsOn.join(', ') || 'nothing'} before`,
    );
  }
  return messages.map((message) => ({ stackName: after.name, message }));
}

function compareRecords(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  describe: (before: string | undefined, after: string | undefined) => string = partChange,
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .filter((key) => before[key] !== after[key])
    .map((key) => `${key} ${describe(before[key], after[key])}`);
}

function partChange(before: string | undefined, after: string | undefined): string {
  return before === undefined ? 'is new' : after === undefined ? 'is gone' : 'differs';
}

function valueChange(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `is new: '${after}'`;
  return after === undefined ? `is gone, was '${before}'` : `was '${before}' and is '${after}' now`;
}
