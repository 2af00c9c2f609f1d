import { readFileSync } from 'node:fs';

/**
 * @typedef {{ tool: string, rule: string, where: string, reason: string }} Accepted
 * `where` is `<stack>/<logical id or construct path>` with `*` for anything, e.g. `*-controller/*`.
 */

/** Every finding of a judge of templates (cfn-lint, cdk-nag) that we live with, each with its reason. @type {Accepted[]} */
export const acceptedFindings = JSON.parse(readFileSync(new URL('../accepted-findings.json', import.meta.url), 'utf8'));

/** Whether an accepted finding is about this one. */
export function accepts({ rule, where }, finding) {
  const pattern = where
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return rule === finding.rule && new RegExp(`^${pattern}$`).test(finding.where);
}

/**
 * Takes away what is accepted, and tells which acceptances no finding needs any more.
 *
 * @template {{ rule: string, where: string }} Finding
 * @param {Accepted[]} accepted those of one tool
 * @param {Finding[]} findings
 * @returns {{ open: Finding[], unused: Accepted[] }}
 */
export function withoutAccepted(accepted, findings) {
  return {
    open: findings.filter((finding) => !accepted.some((each) => accepts(each, finding))),
    unused: accepted.filter((each) => !findings.some((finding) => accepts(each, finding))),
  };
}
