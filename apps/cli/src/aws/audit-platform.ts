import { ACMClient } from '@aws-sdk/client-acm';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { BackupClient } from '@aws-sdk/client-backup';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EFSClient } from '@aws-sdk/client-efs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { auditLeftovers, type LeftoverAudit } from '@jenkins-aws/operations';
import { type LeftoverCost, type PlatformConfig, priceLeftovers } from '@jenkins-aws/platform';
import type { AwsTarget } from './target.js';

/** What an audit found, with its price. */
export type PricedAudit = Omit<LeftoverAudit, 'leftovers'> & LeftoverCost;

export interface AuditPlatformOptions {
  readonly config: PlatformConfig;
  readonly target: AwsTarget;
  readonly signal: AbortSignal;
  /** Names of the stacks that shall be there. */
  readonly expectedStacks: readonly string[];
}

/** Asks every service what is left of the platform, and prices it. */
export async function auditPlatform(options: AuditPlatformOptions): Promise<PricedAudit> {
  const { config, target, signal, expectedStacks } = options;
  const { clientConfig } = target;
  const audit = await auditLeftovers({
    acm: new ACMClient(clientConfig),
    autoScaling: new AutoScalingClient(clientConfig),
    backup: new BackupClient(clientConfig),
    cloudFormation: new CloudFormationClient(clientConfig),
    cloudWatch: new CloudWatchClient(clientConfig),
    ec2: new EC2Client(clientConfig),
    efs: new EFSClient(clientConfig),
    iam: new IAMClient(clientConfig),
    loadBalancing: new ElasticLoadBalancingV2Client(clientConfig),
    logs: new CloudWatchLogsClient(clientConfig),
    route53: new Route53Client(clientConfig),
    s3: new S3Client(clientConfig),
    sns: new SNSClient(clientConfig),
    ssm: new SSMClient(clientConfig),
    tagging: new ResourceGroupsTaggingAPIClient(clientConfig),
    platform: config.name,
    expectedStacks,
    domains: Object.values(config.masters).flatMap(({ access: { domainName, hostedZone } }) =>
      domainName === undefined || hostedZone === undefined ? [] : { hostedZoneId: hostedZone.id, name: domainName },
    ),
    signal,
  });
  return { ...audit, ...priceLeftovers(audit.leftovers, config.region) };
}
