import { logGroupName } from '@jenkins-aws/core';
import type { ResolvedMasterOptions } from '@jenkins-aws/master';
import { JenkinsHome } from '@jenkins-aws/master/cdk';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PlatformConfig } from '../options/platform-config.js';
import { handOver, homeHandover } from './handover.js';
import { takeOverVpc } from './network-stack.js';

export interface MasterStackProps extends StackProps {
  readonly config: PlatformConfig;
  /** Name of the master in the config. */
  readonly master: string;
  readonly options: ResolvedMasterOptions;
}

/** One master's home, which outlives everything else, and its logs, which outlive a controller that failed. */
export class DataStack extends Stack {
  constructor(scope: Construct, id: string, { config, master, options, ...props }: MasterStackProps) {
    super(scope, id, { description: `Home of the Jenkins master ${master} of ${config.name}`, ...props });
    const { fileSystem, accessPoint, securityGroup } = new JenkinsHome(this, 'Home', {
      vpc: takeOverVpc(this, config),
      throughput: options.home.throughput,
    });
    const segments = homeHandover(master);
    handOver(this, config.name, segments.fileSystemId, fileSystem.fileSystemId);
    handOver(this, config.name, segments.accessPointId, accessPoint.accessPointId);
    handOver(this, config.name, segments.securityGroupId, securityGroup.securityGroupId);
    new LogGroup(this, 'Logs', {
      // A fixed name: it is in what the CLI prints when a boot fails, whatever became of the stacks.
      logGroupName: logGroupName(config.name, master),
      retention: options.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnOutput(this, 'FileSystemId', { value: fileSystem.fileSystemId });
    new CfnOutput(this, 'LogGroupName', { value: logGroupName(config.name, master) });
  }
}
