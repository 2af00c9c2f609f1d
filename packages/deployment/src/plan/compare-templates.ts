import { isDeepStrictEqual } from 'node:util';
import { tellInterruptions } from './find-interruptions.js';
import { isKeptUpdate } from './find-kept-updates.js';
import { asRecord, parseTemplate, RETAINING_POLICIES } from './read-template.js';
import type { ChangeEffect, ResourceChange } from './resource-change.js';
import { toToldTemplate } from './told-template.js';

type Section = Readonly<Record<string, unknown>>;

/** What a resource may refer to by name, beside other resources. */
const NAMED_SECTIONS = ['Parameters', 'Mappings', 'Conditions'] as const;

/**
 * What an update from one template to the other may do, by logical id. A resource is modified when its definition
 * differs, or when it refers to something that is modified. That is never too little for an update whose parameter
 * values and conditions stay as they are, and often too much: CloudFormation follows a reference only where its value
 * may change. Undefined when one of the templates is YAML.
 *
 * @throws SyntaxError when a text begins as JSON and is not
 */
export function compareTemplates(deployed: string, wanted: string): ResourceChange[] | undefined {
  const [before, after] = [parseTemplate(toToldTemplate(deployed)), parseTemplate(toToldTemplate(wanted))];
  if (before === undefined || after === undefined) return undefined;
  const [old, fresh] = [asRecord(before.Resources), asRecord(after.Resources)];
  const modified = findModified(before, after);
  const changes: ResourceChange[] = [];
  for (const [logicalId, resource] of Object.entries(fresh)) {
    if (!(logicalId in old)) changes.push(changeOf(logicalId, resource, 'add', 'created', []));
    else if (modified.has(logicalId)) {
      const properties = findChangedProperties(asRecord(old[logicalId]), asRecord(resource), modified);
      const effect = effectOf(asRecord(resource), properties);
      changes.push(changeOf(logicalId, resource, 'modify', effect, properties.all));
    }
  }
  for (const [logicalId, resource] of Object.entries(old)) {
    if (!(logicalId in fresh)) changes.push(changeOf(logicalId, resource, 'remove', removalOf(resource), []));
  }
  return tellInterruptions(changes, toToldTemplate(wanted));
}

/** The names whose definition differs, and all that refer to them, however far away. */
function findModified(before: Section, after: Section): Set<string> {
  const named = [...NAMED_SECTIONS, 'Resources'].flatMap((section) => {
    const old = asRecord(before[section]);
    return Object.entries(asRecord(after[section])).map(([name, value]) => ({ name, value, old: old[name] }));
  });
  const modified = new Set<string>();
  for (let size = -1; size !== modified.size; ) {
    size = modified.size;
    for (const { name, value, old } of named) {
      if (!isDeepStrictEqual(old, value) || refersTo(value, modified)) modified.add(name);
    }
  }
  return modified;
}

interface ChangedProperties {
  /** Names of properties, and of attributes such as `DeletionPolicy`. */
  readonly all: readonly string[];
  readonly withoutAttributes: readonly string[];
}

function findChangedProperties(old: Section, fresh: Section, modified: ReadonlySet<string>): ChangedProperties {
  const differing = (a: Section, b: Section) =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
      (key) => !isDeepStrictEqual(a[key], b[key]) || refersTo({ [key]: b[key] }, modified),
    );
  const properties = differing(asRecord(old.Properties), asRecord(fresh.Properties));
  const attributes = differing({ ...old, Properties: undefined }, { ...fresh, Properties: undefined });
  return { all: [...properties, ...attributes].sort(), withoutAttributes: properties };
}

/** Only properties can replace a resource. Of most of them CloudFormation alone knows whether they do. */
function effectOf({ Type }: Section, { withoutAttributes }: ChangedProperties): ChangeEffect {
  return isKeptUpdate(String(Type), withoutAttributes) ? 'updated-in-place' : 'maybe-replaced';
}

function removalOf(resource: unknown): ChangeEffect {
  const policy = String(asRecord(resource).DeletionPolicy);
  if (RETAINING_POLICIES.has(policy)) return 'retained';
  return policy === 'Snapshot' ? 'deleted-with-snapshot' : 'deleted';
}

function changeOf(
  logicalId: string,
  resource: unknown,
  action: ResourceChange['action'],
  effect: ChangeEffect,
  properties: readonly string[],
): ResourceChange {
  return {
    logicalId,
    type: String(asRecord(resource).Type ?? 'unknown'),
    action,
    replacement: effect === 'maybe-replaced' ? 'conditional' : 'never',
    effect,
    physicalId: undefined,
    properties,
    replacingProperties: [],
  };
}

function refersTo(value: unknown, names: ReadonlySet<string>): boolean {
  if (names.size === 0 || typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => referencesOf(key, inner).some((name) => names.has(name)) || refersTo(inner, names),
  );
}

/** The names that one intrinsic function reads, e.g. `Group` of `{ "Fn::GetAtt": ["Group", "Arn"] }`. */
function referencesOf(key: string, argument: unknown): string[] {
  const first = Array.isArray(argument) ? argument[0] : argument;
  if (typeof first !== 'string') return [];
  if (key === 'Fn::Sub') return [...first.matchAll(/\$\{([^!}.][^}.]*)/g)].map(([, name = '']) => name);
  if (key === 'Fn::GetAtt') return [first.split('.')[0] ?? ''];
  return ['Ref', 'Condition', 'Fn::If', 'Fn::FindInMap'].includes(key) ? [first] : [];
}
