import { PLATFORM_TAG, partitionOfRegion } from '@jenkins-aws/core';
import { type CallerAction, planPermissions } from '@jenkins-aws/deployment/permissions';
import { AUDIT_PERMISSIONS } from '@jenkins-aws/operations';
import { platformTemplates } from '@jenkins-aws/platform/template';
import { type CommandContext, type CommonOptions, loadConfig } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';
import { renderPermissions } from '../render/render-permissions.js';

export interface PermissionsOptions extends CommonOptions {
  readonly split?: boolean;
  readonly accountId?: string;
}

const ALL =
  'AWS does not limit this action to resources, or what is looked for is known only by its tags; it only reads';

/** What the commands call themselves, beside the engine. */
const CALLER_ACTIONS: readonly CallerAction[] = [
  { action: 'ec2:DescribeAvailabilityZones', reason: `deploy checks that the zones of the config exist. ${ALL}` },
  ...[
    'autoscaling:DescribeAutoScalingGroups',
    'cloudwatch:DescribeAlarms',
    'ec2:DescribeInstances',
    'elasticfilesystem:DescribeFileSystems',
    'elasticfilesystem:DescribeMountTargets',
    'elasticloadbalancing:DescribeTargetHealth',
  ].map((action) => ({ action, reason: `deploy and status look whether the controller is healthy. ${ALL}` })),
  { action: 'ec2:DescribeSecurityGroupRules', reason: `drift looks for rules that were added by hand. ${ALL}` },
  ...AUDIT_PERMISSIONS.map((action) => ({ action, reason: `destroy and leftovers look what is left. ${ALL}` })),
];

const DATA_NOTE =
  'destroy --delete-data needs more, which nobody should have every day: elasticfilesystem:DescribeAccessPoints, DeleteAccessPoint and DeleteFileSystem on the homes; s3:ListBucketVersions, DeleteObjectVersion and DeleteBucket on the bucket';

/** Prints the IAM policies that a deploy of this config needs. Needs no account. */
export async function permissions({ options, output }: CommandContext<PermissionsOptions>): Promise<void> {
  const { accountId } = options;
  if (accountId !== undefined && !/^\d{12}$/.test(accountId)) {
    throw new CliError('CLI_USAGE', `--account-id must be twelve digits, got '${accountId}'`);
  }
  const config = await loadConfig(options);
  const { name, region, iam } = config;
  const plan = planPermissions({
    stacks: platformTemplates(config),
    partition: partitionOfRegion(region),
    region,
    ownershipTag: { key: PLATFORM_TAG, value: name },
    namePrefixes: [`jenkins-${name}-`, `/jenkins-aws/${name}/`],
    callerActions: CALLER_ACTIONS,
    ...(accountId === undefined ? {} : { accountId }),
    ...(iam.permissionsBoundary === undefined ? {} : { permissionsBoundary: iam.permissionsBoundary }),
  });
  const { single, deployer, serviceRole } = plan;
  const notes = [...plan.notes, DATA_NOTE];
  const shown = options.split ? { deployer, serviceRole, notes } : { single, notes };
  output.result(cliEvents.permissionsFinished(shown), renderPermissions(shown));
}
