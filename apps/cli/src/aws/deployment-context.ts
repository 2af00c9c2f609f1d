import { hostname } from 'node:os';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { stackName } from '@jenkins-aws/core';
import type { DeploymentContext } from '@jenkins-aws/deployment';
import type { ArtifactStore, LockClaim } from '@jenkins-aws/deployment/artifacts';
import type { CommandContext, CommonOptions } from '../command-context.js';
import type { Caller } from './identify.js';
import { findProcessSpace, findProcessStart, isHolderAlive } from './process-space.js';
import type { AwsTarget } from './target.js';

/** The options of whatever changes stacks. */
export interface StackOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly roleArn?: string;
}

/** The bucket of the platform's artifacts, its lock and its records: its first stack makes it. */
export function artifactBucket(platform: string) {
  return { stackName: stackName(platform, 'artifacts'), outputKey: 'BucketName' };
}

/** Where all that lies: in that bucket, in this account. */
export function artifactStore(platform: string, { clientConfig }: AwsTarget, { account }: Caller): ArtifactStore {
  return {
    s3: new S3Client(clientConfig),
    bucket: artifactBucket(platform),
    expectedBucketOwner: account,
  };
}

/** Who this is, for whoever finds the deployment locked. */
export function lockClaim({ identity }: Caller, what: string): LockClaim {
  const since = new Date().toISOString();
  const processSpace = findProcessSpace();
  const processStart = findProcessStart(process.pid);
  return {
    holder: {
      identity,
      host: hostname(),
      processId: process.pid,
      ...(processSpace !== undefined && { processSpace }),
      ...(processStart !== undefined && { processStart }),
      since,
      what,
    },
    now: Date.now,
    isAlive: isHolderAlive,
  };
}

/** Whose platform it is, who works on it, and how the work is called for whoever has to wait for it. */
export interface DeploymentSubject {
  readonly platform: string;
  readonly caller: Caller;
  /** E.g. `deploy`. */
  readonly verb: string;
}

/** What the engine works with in a command that changes stacks. */
export function deploymentContext(
  { options, output, signal, stopSignal }: CommandContext<StackOptions>,
  target: AwsTarget,
  { platform, caller, verb }: DeploymentSubject,
): DeploymentContext {
  const { clientConfig } = target;
  return {
    artifacts: artifactStore(platform, target, caller),
    claim: lockClaim(caller, `${verb} ${platform}`),
    cloudFormation: new CloudFormationClient(clientConfig),
    ssm: new SSMClient(clientConfig),
    ...(options.roleArn === undefined ? {} : { roleArn: options.roleArn }),
    reporter: output,
    signal,
    stopSignal,
  };
}
