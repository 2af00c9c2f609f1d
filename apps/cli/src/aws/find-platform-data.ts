import { EFSClient } from '@aws-sdk/client-efs';
import { S3Client } from '@aws-sdk/client-s3';
import { findData } from '@jenkins-aws/operations';
import { type LeftoverCost, type PlatformConfig, priceLeftovers } from '@jenkins-aws/platform';
import type { AwsTarget } from './target.js';

/** Every home and bucket of the platform, of live stacks and of earlier ones, with what it costs. */
export async function findPlatformData(
  { name, region }: Pick<PlatformConfig, 'name' | 'region'>,
  { clientConfig }: AwsTarget,
  signal: AbortSignal,
): Promise<LeftoverCost> {
  const efs = new EFSClient(clientConfig);
  const s3 = new S3Client(clientConfig);
  return priceLeftovers(await findData({ efs, s3, platform: name, signal }), region);
}
