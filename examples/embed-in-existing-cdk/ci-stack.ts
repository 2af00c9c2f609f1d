import type { AccessOptions } from '@jenkins-aws/master';
import { JenkinsController, JenkinsHome } from '@jenkins-aws/master/cdk';
import { type ISecurityGroup, type IVpc, Port } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** All of it is the team's own and was there before Jenkins. */
export interface CiStackProps extends StackProps {
  readonly vpc: IVpc;
  readonly database: ISecurityGroup;
  readonly artifacts: IBucket;
  /** The security engineers' role, which may read the home. */
  readonly inspectionRoleName: string;
  readonly access: AccessOptions;
}

export class CiStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { vpc, database, artifacts, inspectionRoleName, access, ...props }: CiStackProps,
  ) {
    super(scope, id, props);
    // readme:start
    const home = new JenkinsHome(this, 'Home', { vpc });
    const { fileSystem, accessPoint } = home;
    const jenkins = new JenkinsController(this, 'Jenkins', { vpc, fileSystem, accessPoint, access });
    jenkins.connections.allowTo(database, Port.tcp(5432), 'schema migrations');
    artifacts.grantReadWrite(jenkins);
    // readme:end
    home.grantRead(Role.fromRoleName(this, 'Inspection', inspectionRoleName));
  }
}
