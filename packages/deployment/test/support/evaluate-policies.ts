import type { PolicyDocument, PolicyStatement } from '../../src/permissions.js';

/** One call as IAM sees it: EC2 checks every resource of it, each with its own tags. */
export interface AuthorizedCall {
  readonly action: string;
  readonly resources: readonly { readonly arn: string; readonly tags?: Readonly<Record<string, string>> }[];
  /** Keys of the request, such as `aws:RequestTag/owner`. */
  readonly keys?: Readonly<Record<string, string | readonly string[]>>;
}

/** Whether the policies allow the call on all of its resources (IAM user guide, policy evaluation logic). */
export function isAllowed(policies: readonly PolicyDocument[], { action, resources, keys = {} }: AuthorizedCall) {
  const statements = policies.flatMap(({ Statement }) => Statement).filter(({ Action }) => Action.includes(action));
  return resources.every(({ arn, tags = {} }) => {
    const tagKeys = Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
    const context = { ...keys, ...Object.fromEntries(tagKeys) };
    return statements.some(
      ({ Resource, Condition }) => Resource.some((it) => isLike(arn, it)) && holds(Condition, context),
    );
  });
}

function holds(
  condition: PolicyStatement['Condition'] = {},
  context: Readonly<Record<string, string | readonly string[]>>,
) {
  return Object.entries(condition).every(([operator, tests]) =>
    Object.entries(tests).every(([key, wanted]) => {
      const [, quantifier, name = '', ifExists] = /^(?:(\w+):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
      const given = context[key];
      if (given === undefined) return ifExists !== undefined || quantifier === 'ForAllValues';
      const fits = (value: string) =>
        [wanted].flat().some((pattern) => (name === 'StringLike' ? isLike(value, pattern) : value === pattern));
      if (!['StringEquals', 'StringLike', 'Bool'].includes(name)) throw new TypeError(`unknown operator ${operator}`);
      return quantifier === 'ForAllValues' ? [given].flat().every(fits) : [given].flat().some(fits);
    }),
  );
}

function isLike(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
