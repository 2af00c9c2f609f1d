import { KEPT_OF_STACK_NAME, ownershipTag, parameterName, partitionOfRegion, stackNamePrefix } from '@jenkins-aws/core';
import { type CallerAction, planPermissions } from '@jenkins-aws/deployment/permissions';
import { AUDIT_PERMISSIONS } from '@jenkins-aws/operations';
import type { PlatformConfig } from '@jenkins-aws/platform';
import { platformTemplates } from '@jenkins-aws/platform/template';
import { type CommandContext, type CommonOptions, loadConfig } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';
import { renderPermissions } from '../render/render-permissions.js';

export interface PermissionsOptions extends CommonOptions {
  readonly split?: boolean;
  readonly accountId?: string;
  /** The ARN of a managed policy, instead of the config's. */
  readonly permissionBoundary?: string;
}

const NOT_LIMITED = 'AWS limits this action to no resource; it only reads';
const ALL_READ = 'the call names none, what is looked for is found by its tag among all of them; it only reads';

/** What the commands call themselves, beside the engine. */
const CALLER_ACTIONS: readonly (readonly [what: string, actions: readonly string[]])[] = [
  ['deploy checks that the zones of the config exist', ['ec2:DescribeAvailabilityZones']],
  [
    'deploy and status look whether the controller is healthy',
    [
      'autoscaling:DescribeAutoScalingGroups',
      'cloudwatch:DescribeAlarms',
      'ec2:DescribeInstances',
      'elasticfilesystem:DescribeFileSystems',
      'elasticfilesystem:DescribeMountTargets',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
  ],
  ['drift looks for rules that were added by hand', ['ec2:DescribeSecurityGroupRules']],
  ['destroy and leftovers look what is left', AUDIT_PERMISSIONS],
];

/** The actions that AWS can limit, with what they are limited to here. None at all: the config has nothing to ask for. */
function limits(
  { name, region, masters }: PlatformConfig,
  accountId: string,
): Readonly<Record<string, readonly string[]>> {
  const partition = partitionOfRegion(region);
  const arn = (service: string, resource: string, where = `${region}:${accountId}`) =>
    `arn:${partition}:${service}:${where}:${resource}`;
  const names = `${stackNamePrefix(name).slice(0, KEPT_OF_STACK_NAME)}*`;
  const buckets = [arn('s3', names, ':')];
  const zones = Object.values(masters).flatMap(({ access }) => access.hostedZone?.id ?? []);
  return {
    'acm:ListTagsForCertificate': [arn('acm', 'certificate/*')],
    'backup:ListRecoveryPointsByBackupVault': [arn('backup', 'backup-vault:aws/efs/automatic-backup-vault')],
    'backup:ListTags': [arn('backup', 'recovery-point:*')],
    'cloudformation:ListStackResources': [arn('cloudformation', `stack/${stackNamePrefix(name)}*/*`)],
    'cloudwatch:DescribeAlarms': [arn('cloudwatch', 'alarm:*')],
    'elasticfilesystem:DescribeMountTargets': [arn('elasticfilesystem', 'file-system/*')],
    'iam:ListRoleTags': [arn('iam', `role/${names}`, `:${accountId}`), arn('iam', `role/*/${names}`, `:${accountId}`)],
    'route53:ListResourceRecordSets': [...new Set(zones)].map((id) => arn('route53', `hostedzone/${id}`, ':')),
    's3:GetBucketTagging': buckets,
    's3:ListBucketVersions': buckets,
    'sns:ListTagsForResource': [arn('sns', `${stackNamePrefix(name)}*`)],
  };
}

/** These name no resource, and AWS could limit them to one: they read all. */
const READ_ALL = new Set([
  'cloudformation:DescribeStacks',
  'elasticfilesystem:DescribeAccessPoints',
  'elasticfilesystem:DescribeFileSystems',
]);

function callerActions(config: PlatformConfig, accountId = '*'): CallerAction[] {
  const limited = limits(config, accountId);
  return CALLER_ACTIONS.flatMap(([what, actions]) =>
    actions.flatMap((action): CallerAction[] => {
      const resources = limited[action];
      if (resources === undefined) {
        return [{ action, reason: `${what}: ${READ_ALL.has(action) ? ALL_READ : NOT_LIMITED}` }];
      }
      return resources.length === 0 ? [] : [{ action, reason: what, resources }];
    }),
  );
}

const DATA_NOTE =
  'destroy --delete-data needs more, which nobody should have every day: elasticfilesystem:DescribeAccessPoints, DeleteAccessPoint and DeleteFileSystem on the homes; s3:ListBucketVersions, DeleteObjectVersion and DeleteBucket on the bucket';

function boundaryOf({ permissionBoundary }: PermissionsOptions): string | undefined {
  if (permissionBoundary === undefined || /^arn:[a-z-]+:iam::(\d{12}|aws):policy\/.+$/.test(permissionBoundary)) {
    return permissionBoundary;
  }
  throw new CliError(
    'CLI_USAGE',
    `--permission-boundary must be the ARN of a managed policy, got '${permissionBoundary}'`,
  );
}

/** Prints the IAM policies that a deploy of this config needs. Needs no account. */
export async function permissions({ options, output }: CommandContext<PermissionsOptions>): Promise<void> {
  const { accountId } = options;
  if (accountId !== undefined && !/^\d{12}$/.test(accountId)) {
    throw new CliError('CLI_USAGE', `--account-id must be twelve digits, got '${accountId}'`);
  }
  if (options.split && accountId === undefined) {
    throw new CliError('CLI_USAGE', '--split needs --account-id: the trust policy of the role names the account');
  }
  const config = await loadConfig(options);
  const { name, region, iam } = config;
  const permissionsBoundary = boundaryOf(options) ?? iam.permissionsBoundary;
  const plan = planPermissions({
    stacks: platformTemplates(config),
    partition: partitionOfRegion(region),
    region,
    ownershipTag: ownershipTag(name),
    namePrefixes: [stackNamePrefix(name), `${parameterName(name)}/`],
    callerActions: callerActions(config, accountId),
    ...(accountId === undefined ? {} : { accountId }),
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
  });
  const { single, deployer, serviceRole } = plan;
  const notes = [...plan.notes, DATA_NOTE];
  const shown = options.split ? { deployer, serviceRole, notes } : { single, notes };
  output.result(cliEvents.permissionsFinished(shown), renderPermissions(shown));
}
