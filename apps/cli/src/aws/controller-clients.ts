import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EFSClient } from '@aws-sdk/client-efs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ControllerClients } from '@jenkins-aws/master';
import type { AwsTarget } from './target.js';

/** The clients that a look at a controller needs. */
export function controllerClients({ clientConfig }: AwsTarget): ControllerClients {
  return {
    autoScaling: new AutoScalingClient(clientConfig),
    cloudWatch: new CloudWatchClient(clientConfig),
    ec2: new EC2Client(clientConfig),
    efs: new EFSClient(clientConfig),
    loadBalancing: new ElasticLoadBalancingV2Client(clientConfig),
  };
}
