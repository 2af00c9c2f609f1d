import { listProblems } from '@jenkins-aws/core';
import { type IConnectable, type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { NetworkError } from '../errors.js';
import { checkAllowedCidrs } from '../plan/check-cidrs.js';
import { type ListenerProtocol, planTalk, type TalkParty } from '../plan/talk.js';

export interface JenkinsSecurityGroupsProps {
  readonly vpc: IVpc;
  /**
   * IPv4 ranges that may reach the load balancer; never the whole internet. What is an unresolved token is not checked:
   * let the parameter that it comes from refuse ranges wider than a /8.
   */
  readonly allowedCidrs: readonly string[];
  readonly listener: ListenerProtocol;
  /** The home's mount targets: their group, or the file system itself. It lives longer, so it is made elsewhere. */
  readonly home: IConnectable;
}

/** The security groups of one master. Every rule comes from `TALK_TABLE`; what has no row there is closed. */
export class JenkinsSecurityGroups extends Construct {
  readonly loadBalancer: ISecurityGroup;
  readonly controller: ISecurityGroup;

  /** @throws NetworkError `NETWORK_OPTIONS_INVALID` when a range is not a network, is the whole internet or overlaps */
  constructor(scope: Construct, id: string, props: JenkinsSecurityGroupsProps) {
    super(scope, id);
    const { vpc, allowedCidrs, listener, home } = props;
    const problems = checkAllowedCidrs(allowedCidrs.filter((cidr) => !Token.isUnresolved(cidr)));
    if (problems.length > 0) {
      throw new NetworkError('NETWORK_OPTIONS_INVALID', listProblems(problems), { problems });
    }
    const group = (groupId: string, description: string) =>
      new SecurityGroup(this, groupId, { vpc, description, allowAllOutbound: false });
    this.loadBalancer = group('LoadBalancer', 'Jenkins load balancer');
    this.controller = group('Controller', 'Jenkins controller');

    const groups = new Map<TalkParty, IConnectable>([
      ['load-balancer', this.loadBalancer],
      ['controller', this.controller],
      ['home', home],
    ]);
    for (const { from, to, port, why } of planTalk(listener)) {
      const source = groups.get(from);
      const target = groups.get(to);
      if (source !== undefined && target !== undefined) {
        source.connections.allowTo(target, Port.tcp(port), why);
      } else if (source !== undefined) {
        source.connections.allowToAnyIpv4(Port.tcp(port), why);
      } else if (target !== undefined) {
        for (const cidr of allowedCidrs) target.connections.allowFrom(Peer.ipv4(cidr), Port.tcp(port), why);
      }
    }
  }
}
