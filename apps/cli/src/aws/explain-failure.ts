import { isJenkinsAwsError, logGroupName } from '@jenkins-aws/core';
import { DeploymentError } from '@jenkins-aws/deployment';
import { type PlatformConfig, platformStacks } from '@jenkins-aws/platform';

/**
 * A controller that did not signal is gone when its stack has rolled back. Its log is not, and for a while neither is
 * what it wrote to its console: CloudFormation cannot say why it failed, these can.
 */
export function explainFailedBoot(error: unknown, config: PlatformConfig): unknown {
  if (!isJenkinsAwsError(error) || !('failure' in error)) return error;
  const { failure } = error as DeploymentError;
  const stack = platformStacks(config).find(({ name }) => name === failure?.stackName);
  if (failure?.type !== 'AWS::AutoScaling::AutoScalingGroup' || stack?.master === undefined) return error;
  // Nothing booted where AWS refused to make or change the group.
  if (failure.instanceId === undefined && !/signal/i.test(failure.reason)) return error;
  const region = `--region ${config.region}`;
  const hint = [
    `why the boot failed: aws logs tail ${logGroupName(config.name, stack.master)} --since 1h ${region}`,
    ...(failure.instanceId === undefined
      ? []
      : [
          `or, for a while: aws ec2 get-console-output --latest --output text --instance-id ${failure.instanceId} ${region}`,
        ]),
  ].join('\n  ');
  return new DeploymentError((error as DeploymentError).code, error.message, {
    cause: error,
    problems: error.problems,
    failure,
    others: (error as DeploymentError).others,
    hint: error.hint === undefined ? hint : `${error.hint}\n  ${hint}`,
  });
}

/** The engine knows resources; a person changed a key of the config. */
export function explainRefusal(error: unknown): unknown {
  if (!isJenkinsAwsError(error) || error.code !== 'DEPLOYMENT_REPLACEMENT_REFUSED') return error;
  const hint =
    'once it is deployed, network.cidr stays, zones can be added to network.availabilityZones at the end and neither taken away nor reordered, and the home stays: change these back. What may really be replaced, with what it holds, is named by --allow-replacement <stack/LogicalId>';
  return new DeploymentError('DEPLOYMENT_REPLACEMENT_REFUSED', error.message, {
    cause: error,
    problems: error.problems,
    hint,
  });
}
