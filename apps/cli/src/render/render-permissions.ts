import type { PermissionsPlan, PolicySet } from '@jenkins-aws/deployment/permissions';

/** Either one policy for the person, or two that share the work with a role. */
export type ShownPermissions = Pick<PermissionsPlan, 'notes'> &
  (Pick<PermissionsPlan, 'single'> | Pick<PermissionsPlan, 'deployer' | 'serviceRole'>);

const json = (value: unknown) => JSON.stringify(value, null, 2);

function renderSet(title: string, { documents, reasons }: PolicySet): string[] {
  const width = Math.max(...reasons.map(({ action }) => action.length));
  return [
    ...documents.map((document, index) => {
      const part = documents.length === 1 ? '' : `, part ${index + 1} of ${documents.length}`;
      return `${title}${part}\n${json(document)}`;
    }),
    [
      'Why each action, and what it is limited to',
      ...reasons.map(({ action, reason, scope }) => `  ${action.padEnd(width)}  ${reason} · ${scope}`),
    ].join('\n'),
  ];
}

/** What to know about the policies, the policies, and each action's reason. */
export function renderPermissions(shown: ShownPermissions): string {
  const sets =
    'single' in shown
      ? renderSet('Policy of whoever deploys', shown.single)
      : [
          ...renderSet('Policy of whoever deploys with the role', shown.deployer),
          `Trust policy of the role ${shown.serviceRole.roleName}, to be named by --role-arn\n${json(shown.serviceRole.trustPolicy)}`,
          ...renderSet(`Policy of the role ${shown.serviceRole.roleName}`, shown.serviceRole),
        ];
  return [['Note', ...shown.notes.map((note) => `  - ${note}`)].join('\n'), ...sets].join('\n\n');
}
