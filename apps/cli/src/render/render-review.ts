import type { DeploymentReview, StackReview } from '@jenkins-aws/deployment';

const EFFECTS: Record<string, string> = {
  'updated-in-place': 'in place',
  'maybe-replaced': 'may be replaced',
  replaced: 'REPLACED',
  'replaced-and-retained': 'REPLACED, the old one stays',
  'replaced-and-snapshot': 'REPLACED, after a snapshot',
  'deleted-with-snapshot': 'deleted, after a snapshot',
  retained: 'leaves the stack and stays in the account',
};
const SIGNS = { add: '+', modify: '~', remove: '-' } as const;

function renderStack({ definition, action, changes }: StackReview): string {
  const { name } = definition;
  if (action === 'none') return `  ${name}: no changes`;
  if (action === 'create') return `  ${name}: new${changes === undefined ? '' : `, ${changes.length} resources`}`;
  const lines = (changes ?? []).map(({ logicalId, type, action: verb, effect, properties }) => {
    const what = [EFFECTS[effect] ?? effect, properties.join(', ')].filter((part) => part !== '').join(': ');
    return `    ${SIGNS[verb]} ${logicalId} (${type}) ${what}`;
  });
  return [`  ${name}: ${lines.length} changes`, ...lines].join('\n');
}

/** What a deploy would do, stack by stack. */
export function renderReview({ stacks }: DeploymentReview): string {
  return ['Changes', ...stacks.map(renderStack)].join('\n');
}
