import {
  type Connections,
  type IConnectable,
  type ISecurityGroup,
  type IVpc,
  SecurityGroup,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import {
  type AccessPoint,
  FileSystem,
  type IAccessPoint,
  type IFileSystem,
  PerformanceMode,
  ThroughputMode,
} from 'aws-cdk-lib/aws-efs';
import { AnyPrincipal, Effect, Grant, type IGrantable, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Aws, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { JENKINS_UID } from '../boot/boot-options.js';

export interface JenkinsHomeProps {
  readonly vpc: IVpc;
  /** One mount target in each of these subnets. Default: the private subnets. */
  readonly vpcSubnets?: SubnetSelection;
  /** Default: `elastic`. */
  readonly throughput?: 'elastic' | 'bursting';
}

function denyClients(sid: string, conditions: Record<string, Record<string, string>>): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite', 'elasticfilesystem:ClientRootAccess'],
    conditions,
  });
}

/**
 * The Jenkins home on EFS: encrypted, one mount target in every zone, an access point that gives every file to
 * {@link JENKINS_UID}, a policy that refuses whoever comes without TLS, past the access points or without an IAM
 * permission. The file
 * system and its access point are retained when the stack is deleted (not when its first
 * creation fails), and backed up daily for 35 days (EFS's default
 * backup plan).
 *
 * Cost: storage by the GB and month; with `elastic` each GB read and written; backups by the GB and month.
 */
export class JenkinsHome extends Construct implements IConnectable {
  readonly fileSystem: IFileSystem;
  readonly accessPoint: IAccessPoint;
  /** Of the mount targets. It has no rule of its own. */
  readonly securityGroup: ISecurityGroup;
  /** Of the mount targets, with NFS as the default port. */
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: JenkinsHomeProps) {
    super(scope, id);
    const { vpc, vpcSubnets, throughput = 'elastic' } = props;
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Mount targets of the Jenkins home',
      allowAllOutbound: false,
    });
    const fileSystem = new FileSystem(this, 'Resource', {
      vpc,
      fileSystemName: Aws.STACK_NAME,
      securityGroup: this.securityGroup,
      encrypted: true,
      enableAutomaticBackups: true,
      performanceMode: PerformanceMode.GENERAL_PURPOSE,
      throughputMode: throughput === 'elastic' ? ThroughputMode.ELASTIC : ThroughputMode.BURSTING,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      // A policy that only denies: whoever may mount needs an identity policy, so nobody anonymous can. Without a
      // resource: EFS takes it for the file system itself, whose ARN is not known while it is made.
      fileSystemPolicy: new PolicyDocument({
        statements: [
          denyClients('DenyWithoutTls', { Bool: { 'aws:SecureTransport': 'false' } }),
          denyClients('DenyWithoutAccessPoint', { Null: { 'elasticfilesystem:AccessPointArn': 'true' } }),
        ],
      }),
      allowAnonymousAccess: true,
      ...(vpcSubnets === undefined ? {} : { vpcSubnets }),
    });
    const owner = String(JENKINS_UID);
    const accessPoint: AccessPoint = fileSystem.addAccessPoint('AccessPoint', {
      path: '/jenkins',
      posixUser: { uid: owner, gid: owner },
      createAcl: { ownerUid: owner, ownerGid: owner, permissions: '0755' },
    });
    accessPoint.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    this.fileSystem = fileSystem;
    this.accessPoint = accessPoint;
    this.connections = fileSystem.connections;
  }

  /** Lets somebody else mount the home and read it, through its access point: a backup, an inspection. */
  grantRead(grantee: IGrantable): Grant {
    return this.grantClient(grantee, 'elasticfilesystem:ClientMount');
  }

  /**
   * Lets somebody else mount the home and write to it, through its access point. Never a second controller: two on one
   * home destroy it.
   */
  grantReadWrite(grantee: IGrantable): Grant {
    return this.grantClient(grantee, 'elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite');
  }

  private grantClient(grantee: IGrantable, ...actions: string[]): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.fileSystem.fileSystemArn],
      conditions: { StringEquals: { 'elasticfilesystem:AccessPointArn': this.accessPoint.accessPointArn } },
    });
  }
}
