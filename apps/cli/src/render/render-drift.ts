import type { ResourceDrift, StackDrift } from '@jenkins-aws/deployment/drift';
import type { HandMadeChanges } from '@jenkins-aws/operations';
import { count } from './count.js';

function renderResource({ logicalId, type, physicalId, status, differences }: ResourceDrift): string {
  const lines = differences.map(
    ({ path, kind, expected, actual }) =>
      `      ${path} ${kind}: template ${expected === '' ? 'nothing' : expected}, account ${actual === '' ? 'nothing' : actual}`,
  );
  return [`    ${status.toUpperCase()} ${logicalId} (${type} ${physicalId ?? ''})`, ...lines].join('\n');
}

function renderStack({ stackName, status, reason, resources }: StackDrift): string {
  const differing = resources.filter((each) => each.status === 'modified' || each.status === 'deleted');
  const same = resources.filter((each) => each.status === 'in-sync').length;
  const unchecked = resources.filter((each) => each.status === 'unchecked');
  const first = `  ${stackName}: ${status}, ${same} of ${count(resources.length, 'resource')} as the template says`;
  return [
    reason === undefined ? first : `  ${stackName}: ${status}, because ${reason}`,
    ...differing.map(renderResource),
    ...(unchecked.length === 0 || reason !== undefined ? [] : renderUnchecked(unchecked)),
  ].join('\n');
}

/** By reason: most of a stack is unchecked for one and the same. */
function renderUnchecked(resources: readonly ResourceDrift[]): string[] {
  const types = new Map<string, Set<string>>();
  for (const { reason = 'AWS gives no reason', type } of resources) {
    types.set(reason, (types.get(reason) ?? new Set()).add(type.replace(/^AWS::/, '')));
  }
  return [...types].map(([reason, names]) => `    unchecked: ${[...names].join(', ')}: ${reason}`);
}

/** What is not as it was deployed, and what nobody looked at. */
export function renderDrift(found: {
  readonly stacks: readonly StackDrift[];
  readonly byHand: HandMadeChanges;
}): string {
  const { changes, unchecked } = found.byHand;
  const own = [
    ...changes.map(({ stackName, physicalId, message }) => `  ${stackName}: ${physicalId} ${message}`),
    ...unchecked.map(({ stackName, what, reason }) => `  ${stackName}: unchecked: ${what}: ${reason}`),
  ];
  return [
    ['What CloudFormation compares', ...found.stacks.map(renderStack)].join('\n'),
    [
      'What it does not: rules of security groups, and the launch template of running instances',
      ...(own.length === 0 ? ['  as the templates say'] : own),
    ].join('\n'),
  ].join('\n\n');
}
