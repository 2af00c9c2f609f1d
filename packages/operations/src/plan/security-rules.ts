/** One rule of a security group, comparable as text: `in tcp 443-443 10.0.0.0/16`. */
export type RuleText = string;

/** How the values of a template are known in the account; undefined where one is not. */
export type Resolve = (value: unknown) => string | undefined;

type Properties = Readonly<Record<string, unknown>>;

/** What the templates of a platform say about one security group. */
export interface ExpectedRules {
  readonly rules: ReadonlySet<RuleText>;
  /** Rules with a value that is not known, as their logical ids: the group cannot be judged. */
  readonly unknown: readonly string[];
}

export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  readonly resolve: Resolve;
}

const PEERS = {
  ingress: ['CidrIp', 'CidrIpv6', 'SourceSecurityGroupId', 'SourcePrefixListId'],
  egress: ['CidrIp', 'CidrIpv6', 'DestinationSecurityGroupId', 'DestinationPrefixListId'],
} as const;

/** AWS gives a group without egress rules in its template this one. */
const OPEN_EGRESS: RuleText = 'out -1 all 0.0.0.0/0';

export interface RuleParts {
  readonly direction: 'in' | 'out';
  readonly protocol: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly peer: string;
}

/** The comparable form: a rule for all protocols has no ports. */
export function ruleText({ direction, protocol, from = '-1', to = '-1', peer }: RuleParts): RuleText {
  return `${direction} ${protocol} ${protocol === '-1' ? 'all' : `${from}-${to}`} ${peer}`;
}

/** The rules that the templates give to the groups, by group id: inline ones, and resources of their own anywhere. */
export function expectedRules(resources: readonly TemplateResource[]): ReadonlyMap<string, ExpectedRules> {
  const groups = new Map<string, { rules: Set<RuleText>; unknown: string[] }>();
  for (const { logicalId, type, properties, resolve } of resources) {
    if (type !== 'AWS::EC2::SecurityGroup') continue;
    const groupId = resolve({ Ref: logicalId });
    if (groupId === undefined) continue;
    const group = { rules: new Set<RuleText>(), unknown: [] as string[] };
    for (const rule of asList(properties.SecurityGroupIngress)) add(group, logicalId, 'ingress', rule, resolve);
    for (const rule of asList(properties.SecurityGroupEgress)) add(group, logicalId, 'egress', rule, resolve);
    if (properties.SecurityGroupEgress === undefined) group.rules.add(OPEN_EGRESS);
    groups.set(groupId, group);
  }
  for (const { logicalId, type, properties, resolve } of resources) {
    const direction = /^AWS::EC2::SecurityGroup(Ingress|Egress)$/.exec(type)?.[1]?.toLowerCase();
    const group = groups.get(resolve(properties.GroupId) ?? '');
    if (group === undefined || (direction !== 'ingress' && direction !== 'egress')) continue;
    add(group, logicalId, direction, properties, resolve);
  }
  return groups;
}

function add(
  group: { rules: Set<RuleText>; unknown: string[] },
  logicalId: string,
  direction: 'ingress' | 'egress',
  rule: Properties,
  resolve: Resolve,
): void {
  const peerKey = PEERS[direction].find((key) => rule[key] !== undefined);
  const peer = peerKey === undefined ? undefined : resolve(rule[peerKey]);
  const protocol = resolve(rule.IpProtocol);
  if (peer === undefined || protocol === undefined) {
    group.unknown.push(logicalId);
    return;
  }
  const side = direction === 'ingress' ? 'in' : 'out';
  group.rules.add(
    ruleText({ direction: side, protocol, from: resolve(rule.FromPort), to: resolve(rule.ToPort), peer }),
  );
}

function asList(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? (value as Properties[]) : [];
}
