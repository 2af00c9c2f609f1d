import type { z } from 'zod';
import type { PlatformErrorCode } from '../../errors.js';
import { nearestName } from './did-you-mean.js';
import { expectationOf } from './expectation.js';
import { alternatives, pathText, quote } from './quote.js';
import { nearestPlace, type Place } from './read-places.js';
import { type JsonSchema, keysOf, knownKeysAt, schemasAt } from './schema-walk.js';

type Issue = z.core.$ZodIssue;

/** The message of every issue for which the schema has no own one: what replaces it is written here. */
export const NO_OWN_MESSAGE = '\u0000';

export interface IssueContext {
  readonly root: Place;
  readonly schema: JsonSchema;
}

export interface IssueProblem {
  readonly code: string;
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly offset: number;
}

/** One zod issue in words and with its place; an issue about several keys becomes several problems. */
export function describeIssue(
  issue: Issue,
  context: IssueContext,
  prefix: readonly PropertyKey[] = [],
): IssueProblem[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], context));
  if (issue.code === 'invalid_union') return describeUnion(issue, path, context);

  const { place, found } = nearestPlace(context.root, path);
  if (issue.code === 'invalid_key') {
    const own = issue.issues.map((inner) => inner.message).find((message) => message !== NO_OWN_MESSAGE);
    const name = quote(String(path.at(-1)));
    const message = own === undefined ? 'is not allowed as a key' : `the key ${withGot(own, name)}`;
    return [problem('PLATFORM_CONFIG_UNKNOWN_KEY', path, message, place.keyOffset ?? place.offset)];
  }
  if (issue.code === 'custom') {
    const got = quote(place.value, place.source);
    const isRuleOfScalar = found && place.children.size === 0 && issue.message.startsWith('must ');
    const ruled = isRuleOfScalar ? withGot(issue.message, got) : issue.message;
    const own = issue.message === NO_OWN_MESSAGE ? `is not valid, got ${got}` : ruled;
    const code = typeof issue.params?.code === 'string' ? issue.params.code : 'PLATFORM_CONFIG_WRONG_VALUE';
    return [problem(code, path, own, found ? place.offset : (place.keyOffset ?? place.offset))];
  }
  const inSchema = expectationOf(context.schema, schemasAt(context.schema, path, context.root.value));
  const expected = (issue.code === 'invalid_format' ? formatText(issue) : undefined) ?? inSchema ?? fallback(issue);
  return [wrongValue(issue, path, expected, context)];
}

function wrongValue(issue: Issue, path: readonly PropertyKey[], expected: string, context: IssueContext): IssueProblem {
  const { place, found } = nearestPlace(context.root, path);
  const own = issue.message === NO_OWN_MESSAGE ? undefined : issue.message;
  if (!found) {
    const message = `is missing; it must be ${expected}`;
    return problem('PLATFORM_CONFIG_MISSING_KEY', path, message, place.keyOffset ?? place.offset);
  }
  const code: PlatformErrorCode =
    issue.code === 'invalid_type' || place.value === null
      ? 'PLATFORM_CONFIG_WRONG_TYPE'
      : 'PLATFORM_CONFIG_WRONG_VALUE';
  const got = gotText(issue, place);
  if (own !== undefined && place.value !== null) {
    return problem(code, path, withGot(own, got), place.offset);
  }
  return problem(code, path, `must be ${expected}, got ${got}${hint(issue, place)}`, place.offset);
}

function withGot(message: string, got: string): string {
  return message.includes('got ') ? message : `${message}, got ${got}`;
}

function gotText(issue: Issue, place: Place): string {
  const isLength = issue.code === 'too_small' || issue.code === 'too_big';
  if (isLength && Array.isArray(place.value)) return String(place.value.length);
  if (isLength && typeof place.value === 'string') {
    return `${quote(place.value)} (${place.value.length} ${place.value.length === 1 ? 'character' : 'characters'})`;
  }
  return quote(place.value, place.source);
}

function hint(issue: Issue, place: Place): string {
  if (place.value === null) return '; give a value or remove the key';
  if (issue.code === 'invalid_type' && issue.expected === 'string' && /^(number|boolean)$/.test(typeof place.value)) {
    return `; put it in quotes: "${place.source ?? String(place.value)}"`;
  }
  if (issue.code === 'invalid_value' && typeof place.value === 'string') {
    const meant = nearestName(place.value, issue.values.map(String));
    return meant === undefined ? '' : `; did you mean '${meant}'?`;
  }
  return '';
}

function describeUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: readonly PropertyKey[],
  context: IssueContext,
): IssueProblem[] {
  if (issue.discriminator !== undefined && 'options' in issue && issue.options !== undefined) {
    return [
      wrongValue(
        { ...issue, code: 'invalid_value', values: [...issue.options] } as Issue,
        path,
        alternatives(issue.options),
        context,
      ),
    ];
  }
  // A variant whose type fits is the one that was meant: its own issues say more than the list of variants.
  const fitting = issue.errors
    .filter((issues) => !issues.some(({ path: at, code }) => at.length === 0 && /^invalid_(type|value)$/.test(code)))
    .sort((one, other) => one.length - other.length)[0];
  if (fitting !== undefined) return fitting.flatMap((inner) => describeIssue(inner, context, path));
  const expected = expectationOf(context.schema, schemasAt(context.schema, path, context.root.value));
  return [
    wrongValue(
      { ...issue, code: 'invalid_type', expected: 'unknown' } as Issue,
      path,
      expected ?? 'another value',
      context,
    ),
  ];
}

function unknownKey(path: readonly PropertyKey[], context: IssueContext): IssueProblem {
  const place = nearestPlace(context.root, path).place;
  const message = `is not a known key; ${wayOutOfUnknownKey(path, context)}`;
  return problem('PLATFORM_CONFIG_UNKNOWN_KEY', path, message, place.keyOffset ?? place.offset);
}

function wayOutOfUnknownKey(path: readonly PropertyKey[], { root, schema }: IssueContext): string {
  const name = String(path.at(-1));
  const parentPath = path.slice(0, -1);
  const parent = nearestPlace(root, parentPath).place;
  const known = knownKeysAt(schema, parentPath, root.value);
  const free = known.filter((key) => !parent.children.has(key));
  const meant = nearestName(name, known);
  if (meant !== undefined) return `did you mean '${meant}'${parent.children.has(meant) ? ', which is there too' : ''}?`;
  const variant = schemasAt(schema, parentPath, root.value)
    .flatMap((found) => Object.entries(found.properties ?? {}))
    .find(([key, property]) => property.const !== undefined && parent.children.has(key));
  const homes = keysOf(schema).filter((key) => key.name === name);
  if (variant !== undefined && homes.some((home) => standsAt(home.parent, parentPath))) {
    return `it does not go with ${variant[0]}: ${quote(variant[1].const)}`;
  }
  const home = homes.find((key) => key.parent !== '' && !standsAt(key.parent, parentPath));
  if (home !== undefined) return `it belongs into '${home.parent}'`;
  return free.length > 0 ? `known here: ${[...free].sort().join(', ')}` : 'remove it';
}

/** Whether a path is one of those that `masters[].<name>` stands for. */
function standsAt(pattern: string, path: readonly PropertyKey[]): boolean {
  const segments = pattern.replaceAll('[]', '.[]').split('.').filter(Boolean);
  const isSame = (segment: string, index: number) =>
    segment === '<name>' || (segment === '[]' ? typeof path[index] === 'number' : segment === path[index]);
  return segments.length === path.length && segments.every(isSame);
}

function problem(code: string, path: readonly PropertyKey[], message: string, offset: number): IssueProblem {
  const where = pathText(path);
  const plain = path.map((segment) => (typeof segment === 'symbol' ? segment.toString() : segment));
  if (where === '')
    return {
      code,
      path: plain,
      message: message.startsWith('must ') ? `the configuration ${message}` : message,
      offset,
    };
  return { code, path: plain, message: message.startsWith(where) ? message : `${where}: ${message}`, offset };
}

/** What a JSON schema says with a pattern alone. */
function formatText(issue: z.core.$ZodIssueInvalidStringFormat): string | undefined {
  if (issue.format === 'starts_with' && 'prefix' in issue) return `text that starts with ${quote(issue.prefix)}`;
  if (issue.format === 'ends_with' && 'suffix' in issue) return `text that ends with ${quote(issue.suffix)}`;
  if (issue.format === 'includes' && 'includes' in issue) return `text that contains ${quote(issue.includes)}`;
  return issue.format === 'regex' ? `text that matches ${issue.pattern}` : undefined;
}

/** For what a JSON schema cannot say. */
function fallback(issue: Issue): string {
  if (issue.code === 'invalid_type') return issue.expected;
  if (issue.code === 'invalid_value') return alternatives(issue.values);
  if (issue.code === 'invalid_format') return `a valid ${issue.format}`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return 'another value';
}
