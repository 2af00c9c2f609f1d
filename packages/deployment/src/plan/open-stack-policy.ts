import { isDeepStrictEqual } from 'node:util';
import { asRecord } from './read-template.js';

const PREFIX = 'LogicalResourceId/';

/**
 * The stack policy with these resources, and no other, free for any update. A refusal that names one of them by a pattern
 * other than `*` is left out as a whole, because the language of stack policies has no way to take one out of it.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function openStackPolicy(policyBody: string, logicalIds: readonly string[]): string {
  const policy = asRecord(JSON.parse(policyBody));
  const opened = logicalIds.map((id) => `${PREFIX}${id}`);
  const statements = listOf(policy.Statement).map(asRecord);
  return JSON.stringify({
    ...policy,
    Statement: [
      ...statements.flatMap((statement) => narrow(statement, opened)),
      { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: opened },
    ],
  });
}

/** Whether two policies say the same, whatever their white space. An empty text is none. */
export function isSamePolicy(a: string, b: string | undefined = ''): boolean {
  if (a === '' || b === '') return a === b;
  return isDeepStrictEqual(JSON.parse(a), JSON.parse(b));
}

/** Whether a policy is the defined one, left open for some resources by somebody who did not come to close it. */
export function isLeftOpen(foundBody: string, policyBody: string): boolean {
  if (foundBody === '') return false;
  const last = asRecord(listOf(asRecord(JSON.parse(foundBody)).Statement).at(-1));
  const opened = listOf(last.Resource).map((resource) => String(resource).slice(PREFIX.length));
  return isSamePolicy(foundBody, openStackPolicy(policyBody, opened));
}

function narrow(statement: Record<string, unknown>, opened: readonly string[]): Record<string, unknown>[] {
  const { Resource, NotResource, ...rest } = statement;
  if (statement.Effect !== 'Deny') return [statement];
  if (NotResource !== undefined) return [{ ...rest, NotResource: [...listOf(NotResource), ...opened] }];
  const refused = listOf(Resource).map(String);
  if (refused.some((pattern) => pattern === '*' || pattern === `${PREFIX}*`)) {
    return [{ ...rest, NotResource: opened }];
  }
  const left = refused.filter((pattern) => !opened.some((resource) => matches(pattern, resource)));
  return left.length === 0 ? [] : [{ ...rest, Resource: left }];
}

function matches(pattern: string, resource: string): boolean {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`).test(resource);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
