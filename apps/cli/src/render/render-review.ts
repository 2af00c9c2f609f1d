import type { DeploymentReview, RemovalReview, ResourceChange, StackReview } from '@jenkins-aws/deployment';
import { count } from './count.js';
import { renderList } from './render-list.js';

const EFFECTS: Record<string, string> = {
  'updated-in-place': 'in place',
  'updated-with-interruption': 'in place, WITH AN INTERRUPTION',
  'maybe-replaced': 'may be replaced',
  replaced: 'REPLACED',
  'replaced-and-retained': 'REPLACED, the old one stays',
  'replaced-and-snapshot': 'REPLACED, after a snapshot',
  'deleted-with-snapshot': 'deleted, after a snapshot',
  retained: 'leaves the stack and stays in the account',
};
const SIGNS = { add: '+', modify: '~', remove: '-' } as const;

/**
 * CloudFormation calls it "in place" when a group gets another launch template or other subnets, and then replaces its
 * instances.
 */
export function restartsController(changes: readonly ResourceChange[]): boolean {
  return changes.some(
    ({ type, action, properties }) =>
      type === 'AWS::AutoScaling::AutoScalingGroup' &&
      action === 'modify' &&
      properties.some((property) => ['LaunchTemplate', 'VPCZoneIdentifier'].includes(property)),
  );
}

/** Whether a deployment would change anything at all. */
export function changesAnything({ stacks, removals }: Pick<DeploymentReview, 'stacks' | 'removals'>): boolean {
  return removals.length > 0 || stacks.some((stack) => stack.action !== 'none' || protectionOf(stack).length > 0);
}

function protectionOf({ terminationProtection, stackPolicyBody }: StackReview): string[] {
  return [
    ...(terminationProtection === undefined ? [] : [`termination protection ${terminationProtection ? 'on' : 'off'}`]),
    ...(stackPolicyBody === undefined ? [] : ['stack policy set']),
  ];
}

function replacesLoadBalancer(changes: readonly ResourceChange[]): boolean {
  return changes.some(
    ({ type, effect }) => type === 'AWS::ElasticLoadBalancingV2::LoadBalancer' && effect.startsWith('replaced'),
  );
}

function renderStack(review: StackReview): string {
  const { definition, action, changes, basis, leftover } = review;
  const { name } = definition;
  if (action === 'none') return `  ${[`${name}: no changes`, ...protectionOf(review)].join(', ')}`;
  if (action === 'create') {
    const size = changes === undefined ? '' : `, ${count(changes.length, 'resource')}`;
    const remains = leftover === undefined ? '' : ', after the remains of a failed creation are deleted';
    return `  ${name}: new${size}${remains}`;
  }
  const lines = (changes ?? []).map(({ logicalId, type, action: verb, effect, properties }) => {
    const what = [EFFECTS[effect] ?? effect, properties.join(', ')].filter((part) => part !== '').join(': ');
    return `    ${SIGNS[verb]} ${logicalId} (${type}) ${what}`;
  });
  if (restartsController(changes ?? [])) {
    lines.push(
      '    ! The running controller is stopped and a new one started: running builds end, minutes without Jenkins.',
    );
  }
  if (replacesLoadBalancer(changes ?? [])) {
    lines.push(
      '    ! The load balancer is replaced, and its own DNS name changes: what is pointed at the old name breaks.',
    );
  }
  const from = basis === 'template' ? ', from the templates: it reads what an earlier stack has yet to make' : '';
  const first = [`${name}: ${count(changes?.length ?? 0, 'change')}${from}`, ...protectionOf(review)].join(', ');
  return [`  ${first}`, ...lines].join('\n');
}

/** Names of the log groups that go with stacks. */
export function logGroupsThatGo(removals: readonly Pick<RemovalReview, 'deleted'>[]): string[] {
  return removals.flatMap(({ deleted }) =>
    deleted.flatMap(({ type, physicalId }) => (type === 'AWS::Logs::LogGroup' ? physicalId : [])),
  );
}

/** A master that got another name is another master. */
function renderRenames({ stacks, removals }: Pick<DeploymentReview, 'stacks' | 'removals'>): string[] {
  const isHome = ({ type }: { readonly type: string }) => type === 'AWS::EFS::FileSystem';
  const staying = removals.flatMap(({ retained }) => retained.filter(isHome).map(({ physicalId }) => physicalId));
  const making = stacks.filter(({ action, changes }) => action === 'create' && changes?.some(isHome));
  if (staying.length === 0 || making.length === 0) return [];
  const makers = renderList(making.map(({ definition }) => definition.name));
  return [
    `  ! A master that gets another name is a new one: a new, empty home is made in ${makers}; ${renderList(staying)} with what Jenkins stored stays and is not taken up.`,
  ];
}

function renderRemoval({ stack, deleted, retained, releasesProtection }: RemovalReview): string {
  const logs = logGroupsThatGo([{ deleted }]);
  const protection = releasesProtection ? ', its termination protection is switched off' : '';
  return [
    `  ${stack.name}: REMOVED, ${count(deleted.length, 'resource')} deleted${protection}`,
    ...logs.map((logGroup) => `    ! Its logs go with it for good: ${logGroup}`),
    ...retained.map(({ physicalId, type }) => `    stays: ${physicalId} (${type})`),
  ].join('\n');
}

/** What a deploy would do, stack by stack. */
export function renderReview({ stacks, removals }: Pick<DeploymentReview, 'stacks' | 'removals'>): string {
  const gone =
    removals.length === 0
      ? []
      : [
          'Masters that the config does not name any more',
          ...removals.map(renderRemoval),
          ...renderRenames({ stacks, removals }),
        ];
  return ['Changes', ...stacks.map(renderStack), ...gone].join('\n');
}
