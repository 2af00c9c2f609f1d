import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { detectDrift } from '@jenkins-aws/deployment/drift';
import { findHandMadeChanges } from '@jenkins-aws/operations';
import { platformStacks } from '@jenkins-aws/platform';
import { openAccount } from '../aws/open-account.js';
import type { CommandContext } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';
import { renderDrift } from '../render/render-drift.js';

/** Compares what runs with what was deployed, also where CloudFormation does not look. Exit code 1 on a difference. */
export async function drift(command: CommandContext): Promise<void> {
  const { output, signal } = command;
  const { config, target } = await openAccount(command);
  const { clientConfig } = target;
  const cloudFormation = new CloudFormationClient(clientConfig);
  const stackNames = platformStacks(config).map(({ name }) => name);
  const stacks = await detectDrift({ cloudFormation, stackNames, reporter: output, signal });
  if (stacks.every(({ stackId }) => stackId === undefined)) {
    const message = `no stack of ${config.name} is in ${config.region}, so there is nothing to compare`;
    throw new CliError('CLI_NOT_DEPLOYED', message);
  }
  const autoScaling = new AutoScalingClient(clientConfig);
  const ec2 = new EC2Client(clientConfig);
  const byHand = await findHandMadeChanges({ autoScaling, cloudFormation, ec2, stackNames, signal });
  const drifted = byHand.changes.length > 0 || stacks.some(({ status }) => status === 'drifted');
  output.result(cliEvents.driftFinished({ drifted, stacks, byHand }), renderDrift({ stacks, byHand }));
  if (drifted) process.exitCode = 1;
}
