import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ownershipTag, stackName } from '@jenkins-aws/core';
import { findStacksByTag, type StackSummary, toDeploymentError } from '@jenkins-aws/deployment';
import { type ControllerStatus, describeController, waitForController } from '@jenkins-aws/master';
import { type PlatformConfig, type PlatformStack, platformStacks } from '@jenkins-aws/platform';
import type { Output } from '../terminal/output.js';
import { controllerClients } from './controller-clients.js';
import type { AwsTarget } from './target.js';

/** One master as it is in the account. */
export interface MasterStatus {
  readonly name: string;
  /** `undefined` while its stacks are not there. */
  readonly url: string | undefined;
  readonly logGroupName: string | undefined;
  readonly alarmTopicArn: string | undefined;
  readonly controller: ControllerStatus | undefined;
  /** AWS's status of the controller's stack, or `missing`. */
  readonly stackStatus: string;
}

/** The platform as it is in the account. */
export interface PlatformStatus {
  readonly platform: string;
  readonly region: string;
  readonly availabilityZones: readonly string[];
  /** AWS's status, or `missing`. */
  readonly stacks: readonly { readonly name: string; readonly status: string }[];
  readonly masters: readonly MasterStatus[];
  /** Stacks of this platform that the config does not name, such as those of a master that was removed from it. */
  readonly orphans: readonly { readonly name: string; readonly status: string }[];
}

export interface PlatformStatusOptions {
  readonly config: PlatformConfig;
  readonly target: AwsTarget;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Wait until each controller is healthy. */
  readonly wait: boolean;
}

/** Looks at everything that the config names, in the live account. */
export async function platformStatus(options: PlatformStatusOptions): Promise<PlatformStatus> {
  const { config, target, signal } = options;
  const cloudFormation = new CloudFormationClient(target.clientConfig);
  const planned = platformStacks(config);
  const tag = ownershipTag(config.name);
  const tagged = await findStacksByTag({ cloudFormation, tag, signal });
  const summaries = new Map(tagged.map((stack) => [stack.stackName, stack]));
  const summaryOf = (role: PlatformStack['role'], master?: string): StackSummary | undefined =>
    summaries.get(stackName(config.name, role, master));
  const masters = await Promise.all(
    Object.keys(config.masters).map(async (name): Promise<MasterStatus> => {
      const outputs = { ...summaryOf('data', name)?.outputs, ...summaryOf('controller', name)?.outputs };
      return {
        name,
        url: outputs.Url,
        logGroupName: outputs.LogGroupName,
        alarmTopicArn: outputs.AlarmTopicArn,
        stackStatus: summaryOf('controller', name)?.status ?? 'missing',
        controller: await controllerStatus(options, name, outputs, summaryOf('controller', name)?.stackName),
      };
    }),
  );
  return {
    platform: config.name,
    region: config.region,
    availabilityZones: summaryOf('network')?.outputs.AvailabilityZones?.split(',') ?? [],
    stacks: planned.map(({ name }) => ({ name, status: summaries.get(name)?.status ?? 'missing' })),
    masters,
    orphans: tagged
      .filter((stack) => !planned.some(({ name }) => name === stack.stackName))
      .map((stack) => ({ name: stack.stackName, status: stack.status })),
  };
}

async function controllerStatus(
  { target, output, signal, wait }: PlatformStatusOptions,
  master: string,
  outputs: Readonly<Record<string, string>>,
  alarmNamePrefix: string | undefined,
): Promise<ControllerStatus | undefined> {
  const {
    AutoScalingGroupName: autoScalingGroupName,
    TargetGroupArn: targetGroupArn,
    FileSystemId: fileSystemId,
  } = outputs;
  if (!autoScalingGroupName || !targetGroupArn || !fileSystemId || !alarmNamePrefix) return undefined;
  const subject = {
    ...controllerClients(target),
    autoScalingGroupName,
    targetGroupArn,
    fileSystemId,
    alarmNamePrefix,
    signal,
  };
  try {
    if (!wait) return await describeController({ ...subject, at: new Date() });
    // Nobody limits the rate of calls to the embedded AWS, and a rehearsal should not be waited for.
    const pollSeconds = target.emulator ? 1 : 10;
    return await waitForController({ ...subject, master, pollSeconds, now: () => new Date(), reporter: output });
  } catch (error) {
    throw toDeploymentError(error, { operation: `the look at master ${master}` });
  }
}
