import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { DeploymentContext } from '@jenkins-aws/deployment';
import type { CommandContext, CommonOptions } from '../command-context.js';
import type { AwsTarget } from './target.js';

/** The options of whatever changes stacks. */
export interface StackOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly roleArn?: string;
}

/** What the engine works with in a command that changes stacks. */
export function deploymentContext(
  { options, output, signal, stopSignal }: CommandContext<StackOptions>,
  { clientConfig }: AwsTarget,
): DeploymentContext & { readonly cloudFormation: CloudFormationClient } {
  return {
    cloudFormation: new CloudFormationClient(clientConfig),
    ssm: new SSMClient(clientConfig),
    ...(options.roleArn === undefined ? {} : { roleArn: options.roleArn }),
    reporter: output,
    signal,
    stopSignal,
  };
}
