// The one file of accepted findings: known tools, real reasons. Whether each is still needed, its tool's check tells.
import { acceptedFindings } from './lib/accepted.mjs';
import { runAsProgram } from './lib/results.mjs';

const TOOLS = ['cfn-lint', 'cdk-nag'];
const SHORTEST_REASON = 20;

/** @param {import('./lib/accepted.mjs').Accepted[]} accepted */
export function acceptedProblems(accepted) {
  return accepted.flatMap((entry) => {
    const { tool, rule, where, reason } = entry;
    const problems = [];
    if (!TOOLS.includes(tool)) problems.push(`tool must be one of ${TOOLS.join(', ')}, got '${tool}'`);
    if (!rule || !where) problems.push('wants a rule and a where');
    if (/^\**\/?\**$/.test(where ?? '')) problems.push(`where must name something, got '${where}'`);
    if ((reason ?? '').length < SHORTEST_REASON) problems.push('has no real reason');
    return problems.map((problem) => `${JSON.stringify(entry)}: ${problem}`);
  });
}

/** @returns {import('./lib/results.mjs').Result[]} */
export function checkAccepted() {
  const problems = acceptedProblems(acceptedFindings);
  return [
    {
      name: 'accepted findings have reasons',
      status: problems.length === 0 ? 'passed' : 'failed',
      detail: problems.join('\n'),
    },
  ];
}

await runAsProgram(import.meta.url, checkAccepted);
