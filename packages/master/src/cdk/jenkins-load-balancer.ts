import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Connections, IConnectable, ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  type ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  type IApplicationLoadBalancerTarget,
  ListenerAction,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ResolvedAccessOptions } from '../options/access-options.js';
import { listenerOf, urlOf } from '../plan/access.js';

export interface JenkinsLoadBalancerProps {
  readonly vpc: IVpc;
  readonly securityGroup: ISecurityGroup;
  readonly vpcSubnets: SubnetSelection;
  readonly access: ResolvedAccessOptions;
  readonly target: IApplicationLoadBalancerTarget;
  /** TCP port of Jenkins on the target. */
  readonly targetPort: number;
}

/**
 * The load balancer in front of one controller: TLS 1.2 or newer with a redirect from HTTP, or plain HTTP where the
 * options carry a reason; healthy is HTTP 200 on `/login`, unhealthy none for five minutes.
 *
 * Cost: by the hour and by load (LCU); internet-facing also a public IPv4 address a zone by the hour.
 */
export class JenkinsLoadBalancer extends Construct implements IConnectable {
  readonly connections: Connections;
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly targetGroup: ApplicationTargetGroup;
  /** What people connect to: HTTPS, or HTTP where the options carry a reason. */
  readonly listener: ApplicationListener;
  readonly url: string;

  constructor(scope: Construct, id: string, props: JenkinsLoadBalancerProps) {
    super(scope, id);
    const { vpc, securityGroup, vpcSubnets, access, target, targetPort } = props;
    this.loadBalancer = new ApplicationLoadBalancer(this, 'Resource', {
      vpc,
      vpcSubnets,
      securityGroup,
      internetFacing: access.scheme === 'internet-facing',
      dropInvalidHeaderFields: true,
      // Jenkins pings WebSocket agents every 30 s; a pause of the JVM must not cut them off.
      idleTimeout: Duration.seconds(300),
    });
    this.connections = this.loadBalancer.connections;
    // A target group belongs to one load balancer. Another scheme replaces the balancer, and both exist for a while: so
    // each scheme has a target group of its own.
    const targetsId = access.scheme === 'internal' ? 'InternalTargets' : 'PublicTargets';
    this.targetGroup = new ApplicationTargetGroup(this, targetsId, {
      vpc,
      port: targetPort,
      protocol: ApplicationProtocol.HTTP,
      targets: [target],
      deregistrationDelay: Duration.seconds(15),
      healthCheck: {
        path: '/login',
        healthyHttpCodes: '200',
        // The group replaces what is unhealthy: five minutes let Jenkins restart, which answers 503 meanwhile.
        interval: Duration.seconds(30),
        timeout: Duration.seconds(10),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 10,
      },
    });
    this.listener =
      listenerOf(access) === 'https'
        ? this.listenWithTls(access)
        : this.loadBalancer.addListener('Http', { port: 80, open: false, defaultTargetGroups: [this.targetGroup] });
    this.url = urlOf(access, this.loadBalancer.loadBalancerDnsName);
  }

  private listenWithTls({ certificateArn, domainName, hostedZone }: ResolvedAccessOptions): ApplicationListener {
    const zone =
      hostedZone &&
      HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId: hostedZone.id, zoneName: hostedZone.name });
    const certificate: ICertificate =
      certificateArn === undefined
        ? new Certificate(this, 'Certificate', {
            domainName: domainName ?? '',
            validation: CertificateValidation.fromDns(zone),
          })
        : Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    const listener = this.loadBalancer.addListener('Https', {
      port: 443,
      open: false,
      certificates: [certificate],
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
      defaultTargetGroups: [this.targetGroup],
    });
    // The same id as that of the plain listener: a balancer has one listener on port 80, changed in place.
    this.loadBalancer.addListener('Http', {
      port: 80,
      open: false,
      defaultAction: ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
    });
    if (zone !== undefined && domainName !== undefined) {
      new ARecord(this, 'Record', {
        zone,
        recordName: domainName,
        target: RecordTarget.fromAlias(new LoadBalancerTarget(this.loadBalancer)),
      });
    }
    return listener;
  }
}
