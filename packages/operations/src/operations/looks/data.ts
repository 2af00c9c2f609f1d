import { KEPT_OF_STACK_NAME, parameterName } from '@jenkins-aws/core';
import { collect } from '../../internal/collect.js';
import type { LeftoverClients } from '../leftover-clients.js';
import { GIB, isOfPlatform, type Look, type LookContext, type LookSubject, present, resource, tagsOf } from './look.js';

/** Where EFS's own daily backups lie. */
const EFS_VAULT = 'aws/efs/automatic-backup-vault';

/** The homes. */
export const FILE_SYSTEMS = {
  what: 'file systems',
  permissions: ['elasticfilesystem:DescribeFileSystems'],
  async find(context: LookSubject & Pick<LeftoverClients, 'efs'>) {
    const { DescribeFileSystemsCommand } = await import('@aws-sdk/client-efs');
    const systems = await collect(
      (Marker) => context.efs.send(new DescribeFileSystemsCommand({ Marker }), context.abort),
      (page) => page.FileSystems,
      (page) => page.NextMarker,
    );
    return systems
      .filter(({ Tags, LifeCycleState }) => isOfPlatform(tagsOf(Tags), context) && LifeCycleState !== 'deleted')
      .map(({ FileSystemId, FileSystemArn, SizeInBytes, ThroughputMode, CreationTime, Tags }) =>
        resource('AWS::EFS::FileSystem', FileSystemId, tagsOf(Tags), {
          sizeGiB: SizeInBytes?.Value === undefined ? undefined : SizeInBytes.Value / GIB,
          createdAt: CreationTime?.toISOString(),
          properties: { ThroughputMode },
          holdsData: true,
          belongsTo: present([FileSystemArn]),
        }),
      );
  },
} satisfies Look;

/** What the deployments keep. */
export const BUCKETS = {
  what: 'buckets',
  permissions: ['s3:ListAllMyBuckets', 's3:GetBucketTagging', 's3:ListBucketVersions'],
  async find(context: LookSubject & Pick<LeftoverClients, 's3'>) {
    const { GetBucketTaggingCommand, ListBucketsCommand } = await import('@aws-sdk/client-s3');
    const buckets = await collect(
      (ContinuationToken) =>
        context.s3.send(new ListBucketsCommand({ ContinuationToken, MaxBuckets: 1000 }), context.abort),
      (page) => page.Buckets,
      (page) => page.ContinuationToken,
    );
    const found = [];
    for (const { Name: Bucket = '', CreationDate } of buckets) {
      if (!Bucket.startsWith(context.namePrefix.slice(0, KEPT_OF_STACK_NAME))) continue;
      const { TagSet } = await context.s3
        .send(new GetBucketTaggingCommand({ Bucket }), context.abort)
        .catch((error: Error) => {
          if (/^(NoSuchTagSet|NoSuchBucket|NoSuchTagSetError)$/.test(error.name)) return { TagSet: [] };
          throw error;
        });
      const tags = tagsOf(TagSet);
      if (!isOfPlatform(tags, context)) continue;
      const sizeGiB = await bucketSize(context, Bucket);
      found.push(
        resource('AWS::S3::Bucket', Bucket, tags, { holdsData: true, sizeGiB, createdAt: CreationDate?.toISOString() }),
      );
    }
    return found;
  },
} satisfies Look;

/** What is stored. */
export const DATA_LOOKS: readonly Look[] = [
  FILE_SYSTEMS,
  {
    what: 'access points of file systems',
    permissions: ['elasticfilesystem:DescribeAccessPoints'],
    async find(context) {
      const { DescribeAccessPointsCommand } = await import('@aws-sdk/client-efs');
      const points = await collect(
        (NextToken) => context.efs.send(new DescribeAccessPointsCommand({ NextToken }), context.abort),
        (page) => page.AccessPoints,
        (page) => page.NextToken,
      );
      return points
        .filter(({ Tags }) => isOfPlatform(tagsOf(Tags), context))
        .map(({ AccessPointId, FileSystemId, Tags }) =>
          resource('AWS::EFS::AccessPoint', AccessPointId, tagsOf(Tags), {
            holdsData: true,
            belongsTo: present([FileSystemId]),
          }),
        );
    },
  },
  {
    what: 'backups of file systems',
    permissions: ['backup:ListRecoveryPointsByBackupVault', 'backup:ListTags'],
    async find(context) {
      const { ListRecoveryPointsByBackupVaultCommand, ListTagsCommand } = await import('@aws-sdk/client-backup');
      const points = await collect(
        (NextToken) =>
          context.backup.send(
            new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: EFS_VAULT, NextToken }),
            context.abort,
          ),
        (page) => page.RecoveryPoints,
        (page) => page.NextToken,
      ).catch((error: Error) => {
        // The vault comes with the first backup.
        if (error.name === 'ResourceNotFoundException') return [];
        throw error;
      });
      const found = [];
      for (const { RecoveryPointArn, ResourceArn, BackupSizeInBytes, CreationDate } of points) {
        const command = new ListTagsCommand({ ResourceArn: RecoveryPointArn });
        const { Tags = {} } = await context.backup.send(command, context.abort);
        if (!isOfPlatform(Tags, context)) continue;
        found.push(
          resource('AWS::Backup::RecoveryPoint', RecoveryPointArn, Tags, {
            sizeGiB: BackupSizeInBytes === undefined ? undefined : BackupSizeInBytes / GIB,
            createdAt: CreationDate?.toISOString(),
            holdsData: true,
            belongsTo: present([ResourceArn]),
          }),
        );
      }
      return found;
    },
  },
  BUCKETS,
  {
    what: 'log groups',
    permissions: ['logs:DescribeLogGroups'],
    async find(context) {
      const { DescribeLogGroupsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
      const logGroupNamePrefix = `${parameterName(context.platform)}/`;
      const groups = await collect(
        (nextToken) =>
          context.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix, nextToken }), context.abort),
        (page) => page.logGroups,
        (page) => page.nextToken,
      );
      return groups.map(({ logGroupName, storedBytes = 0 }) =>
        resource('AWS::Logs::LogGroup', logGroupName, {}, { sizeGiB: storedBytes / GIB }),
      );
    },
  },
  {
    what: 'parameters',
    permissions: ['ssm:DescribeParameters'],
    async find(context) {
      const { DescribeParametersCommand } = await import('@aws-sdk/client-ssm');
      const ParameterFilters = [{ Key: 'Path', Option: 'Recursive', Values: [parameterName(context.platform)] }];
      const parameters = await collect(
        (NextToken) => context.ssm.send(new DescribeParametersCommand({ ParameterFilters, NextToken }), context.abort),
        (page) => page.Parameters,
        (page) => page.NextToken,
      );
      return parameters.map(({ Name }) => resource('AWS::SSM::Parameter', Name, {}));
    },
  },
];

/** Of all versions: S3 charges for each. One call a thousand; the metric that knows it at once is a day old. */
async function bucketSize({ s3, abort }: Pick<LookContext, 's3' | 'abort'>, Bucket: string): Promise<number> {
  const { ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  let bytes = 0;
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, ...markers }), abort);
    for (const { Size = 0 } of page.Versions ?? []) bytes += Size;
    if (!page.IsTruncated) return bytes / GIB;
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}
