import type { ResolvedMasterOptions } from '@jenkins-aws/master';
import { JenkinsHome } from '@jenkins-aws/master/cdk';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
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

/** One master's home: what must outlive everything else. */
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
    new CfnOutput(this, 'FileSystemId', { value: fileSystem.fileSystemId });
  }
}
