import { listProblems } from '@jenkins-aws/core';
import { type IConnectable, type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { NetworkError } from '../errors.js';
import { checkAllowedCidrs } from '../plan/check-cidrs.js';
import { type ListenerProtocol, planTalk, type TalkParty } from '../plan/talk.js';

export interface JenkinsSecurityGroupsProps {
  readonly vpc: IVpc;
  /** IPv4 ranges that may reach the load balancer; never the whole internet. */
  readonly allowedCidrs: readonly string[];
  readonly listener: ListenerProtocol;
  /** The group of the home's mount targets; it lives as long as the home, so it is made elsewhere. */
  readonly home: ISecurityGroup;
}

/** The security groups of one master. Every rule comes from `TALK_TABLE`; what has no row there is closed. */
export class JenkinsSecurityGroups extends Construct {
  readonly loadBalancer: ISecurityGroup;
  readonly controller: ISecurityGroup;

  /** @throws NetworkError `NETWORK_OPTIONS_INVALID` when a range is not a network, is the whole internet or overlaps */
  constructor(scope: Construct, id: string, props: JenkinsSecurityGroupsProps) {
    super(scope, id);
    const { vpc, allowedCidrs, listener, home } = props;
    const problems = checkAllowedCidrs(allowedCidrs);
    if (problems.length > 0) {
      throw new NetworkError('NETWORK_OPTIONS_INVALID', listProblems(problems), { problems });
    }
    const group = (groupId: string, description: string) =>
      new SecurityGroup(this, groupId, { vpc, description, allowAllOutbound: false });
    this.loadBalancer = group('LoadBalancer', 'Jenkins load balancer');
    this.controller = group('Controller', 'Jenkins controller');

    const groups = new Map<TalkParty, ISecurityGroup>([
      ['load-balancer', this.loadBalancer],
      ['controller', this.controller],
      ['home', home],
    ]);
    for (const { from, to, port, why } of planTalk(listener)) {
      const source = groups.get(from);
      const target = groups.get(to);
      if (source !== undefined && target !== undefined) {
        source.connections.allowTo(target satisfies IConnectable, Port.tcp(port), why);
      } else if (source !== undefined) {
        source.addEgressRule(Peer.anyIpv4(), Port.tcp(port), why);
      } else if (target !== undefined) {
        for (const cidr of allowedCidrs) target.addIngressRule(Peer.ipv4(cidr), Port.tcp(port), why);
      }
    }
  }
}
