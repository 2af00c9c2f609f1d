import { type ISecurityGroup, type IVpc, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { BlockPublicAccess, Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Stands for what a team has: its VPC, its database, its bucket. */
export class TeamStack extends Stack {
  readonly vpc: IVpc;
  readonly database: ISecurityGroup;
  readonly artifacts: IBucket;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    this.vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 1,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'edge', subnetType: SubnetType.PUBLIC },
        { name: 'services', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      ],
    });
    this.database = new SecurityGroup(this, 'Database', { vpc: this.vpc, allowAllOutbound: false });
    this.artifacts = new Bucket(this, 'Artifacts', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
    });
  }
}
