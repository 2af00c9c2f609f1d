import { type SynthesizedStack, synthesizeStacks } from '@jenkins-aws/core/cdk';
import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import { JenkinsNetwork } from './cdk/jenkins-network.js';
import { NetworkTemplateStack } from './cdk/network-template-stack.js';
import type { NetworkOptions } from './options/network-options.js';

/**
 * The network as one self-contained CloudFormation template with these outputs: `VpcId`, and comma-separated
 * `PublicSubnetIds` and `PrivateSubnetIds`, one subnet a zone in the order of the zones.
 *
 * @throws NetworkError `NETWORK_OPTIONS_INVALID` with every problem of the options
 */
export function networkTemplate(options: NetworkOptions = {}): SynthesizedStack['template'] {
  const [stack] = synthesizeStacks((app) => {
    const networkStack = new Stack(app, 'JenkinsNetwork', { description: 'Network for Jenkins on AWS' });
    const { vpc } = new JenkinsNetwork(networkStack, 'Network', options);
    const output = (id: string, value: string, description: string) =>
      new CfnOutput(networkStack, id, { value, description });
    const subnets = vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets;
    output('VpcId', vpc.vpcId, 'The VPC');
    output('PublicSubnetIds', vpc.publicSubnets.map(({ subnetId }) => subnetId).join(','), 'For load balancers');
    output('PrivateSubnetIds', subnets.map(({ subnetId }) => subnetId).join(','), 'For controllers and workers');
  });
  return stack?.template ?? {};
}

/** The files that the package ships in `templates/`: the network over two and over three zones, its range a parameter. */
export function shippedTemplates(): { fileName: string; template: SynthesizedStack['template'] }[] {
  return [2, 3].map((zoneCount) => {
    const [stack] = synthesizeStacks(
      (app) =>
        new NetworkTemplateStack(app, 'JenkinsNetwork', {
          zoneCount,
          description: `Network for Jenkins: a VPC over ${zoneCount} zones, a public and a private subnet in each`,
        }),
    );
    return { fileName: `network-${zoneCount}-zones.json`, template: stack?.template ?? {} };
  });
}
