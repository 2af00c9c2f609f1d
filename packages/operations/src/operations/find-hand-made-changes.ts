import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { EC2Client, SecurityGroupRule } from '@aws-sdk/client-ec2';
import { toDeploymentError } from '@jenkins-aws/deployment';
import pMap from 'p-map';
import { collect } from '../internal/collect.js';
import { GENTLY } from '../internal/gently.js';
import { resolveTemplate } from '../plan/resolve-template.js';
import {
  type ExpectedRules,
  expectedRules,
  type RuleText,
  ruleText,
  type TemplateResource,
} from '../plan/security-rules.js';
import { listStackResources, type StackResource } from './list-stack-resources.js';

export interface FindHandMadeChangesOptions {
  readonly autoScaling: Pick<AutoScalingClient, 'send'>;
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  readonly ec2: Pick<EC2Client, 'send'>;
  /** One that does not exist is left out; the rules of one whose template is not JSON are unchecked. */
  readonly stackNames: readonly string[];
  readonly signal?: AbortSignal;
}

/** Something that is not as the templates say, and that CloudFormation's own drift detection does not compare. */
export interface HandMadeChange {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly change: 'rule-added' | 'rule-removed' | 'instance-outdated';
  /** For a person, e.g. `allows in tcp 22-22 0.0.0.0/0, which no template says`. */
  readonly message: string;
}

export interface HandMadeChanges {
  readonly changes: readonly HandMadeChange[];
  /** What could not be compared, and why. */
  readonly unchecked: readonly { readonly stackName: string; readonly what: string; readonly reason: string }[];
}

/**
 * Finds two things that CloudFormation does not: rules of the stacks' security groups that somebody added or took away
 * (it compares only what the resource itself says, and rules are resources of their own), and instances of the stacks'
 * Auto Scaling groups that run another version of the launch template than their group says.
 *
 * Permissions: `cloudformation:DescribeStacks`, `GetTemplate`, `ListStackResources`; `ec2:DescribeSecurityGroupRules`;
 * `autoscaling:DescribeAutoScalingGroups`. Costs nothing.
 *
 * @throws DeploymentError when a service cannot be asked
 */
export async function findHandMadeChanges(options: FindHandMadeChangesOptions): Promise<HandMadeChanges> {
  const live = (await pMap(options.stackNames, (name) => readStack(options, name), GENTLY)).flat();
  const readable = live.filter(({ templateResources }) => templateResources !== undefined);
  const unreadable = live.filter(({ templateResources }) => templateResources === undefined);
  const found = await Promise.all([
    compareRules(
      options,
      readable.flatMap(({ stackResources }) => stackResources),
      expectedRules(readable.flatMap(({ templateResources = [] }) => templateResources)),
    ),
    findOutdatedInstances(
      options,
      live.flatMap(({ stackResources }) => stackResources),
    ),
  ]);
  return {
    changes: found.flatMap(({ changes }) => changes),
    unchecked: [
      ...unreadable.map(({ stackName }) => ({
        stackName,
        what: 'rules of its security groups',
        reason: 'its template is not JSON',
      })),
      ...found.flatMap(({ unchecked }) => unchecked),
    ],
  };
}

interface ReadStack {
  readonly stackName: string;
  readonly stackResources: readonly StackResource[];
  /** Undefined where the template is not JSON. */
  readonly templateResources: readonly TemplateResource[] | undefined;
}

async function readStack(
  { cloudFormation, signal }: FindHandMadeChangesOptions,
  stackName: string,
): Promise<readonly ReadStack[]> {
  const { DescribeStacksCommand, GetTemplateCommand } = await import('@aws-sdk/client-cloudformation');
  const abort = { abortSignal: signal };
  try {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }), abort);
    const stack = Stacks?.[0];
    if (stack?.StackId === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS') return [];
    const { TemplateBody = '{}' } = await cloudFormation.send(new GetTemplateCommand({ StackName: stackName }), abort);
    const stackResources = await listStackResources({ cloudFormation, signal }, { stackName, stackId: stack.StackId });
    const parameters = (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue, ResolvedValue }) => [
      ParameterKey,
      ResolvedValue ?? ParameterValue ?? '',
    ]);
    const templateResources = resolveTemplate({
      templateBody: TemplateBody,
      parameters: Object.fromEntries(parameters),
      physicalIds: Object.fromEntries(stackResources.map(({ logicalId, physicalId }) => [logicalId, physicalId])),
    });
    return [{ stackName, stackResources, templateResources }];
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'ValidationError' && /does not exist/.test(message)) return [];
    throw toDeploymentError(error, { operation: 'DescribeStacks', stackName });
  }
}

async function compareRules(
  { ec2, signal }: FindHandMadeChangesOptions,
  resources: readonly StackResource[],
  expected: ReadonlyMap<string, ExpectedRules>,
): Promise<HandMadeChanges> {
  const groups = resources.filter(({ type }) => type === 'AWS::EC2::SecurityGroup');
  const changes: HandMadeChange[] = [];
  const unchecked: HandMadeChanges['unchecked'][number][] = [];
  const { DescribeSecurityGroupRulesCommand } = await import('@aws-sdk/client-ec2');
  const Filters = [{ Name: 'group-id', Values: groups.map(({ physicalId }) => physicalId) }];
  const actual =
    groups.length === 0
      ? []
      : await collect(
          (NextToken) =>
            ec2.send(new DescribeSecurityGroupRulesCommand({ Filters, NextToken }), { abortSignal: signal }),
          (page) => page.SecurityGroupRules,
          (page) => page.NextToken,
        ).catch((error) => {
          throw toDeploymentError(error, { operation: 'DescribeSecurityGroupRules' });
        });
  for (const { stackName, logicalId, physicalId, type } of groups) {
    const wanted = expected.get(physicalId);
    if (wanted === undefined || wanted.unknown.length > 0) {
      const reason = `the template's values are not known: ${wanted?.unknown.join(', ') ?? logicalId}`;
      unchecked.push({ stackName, what: `rules of ${physicalId}`, reason });
      continue;
    }
    const there = new Set(actual.filter(({ GroupId }) => GroupId === physicalId).map(textOf));
    const change = (kind: HandMadeChange['change'], message: string) =>
      changes.push({ stackName, logicalId, type, physicalId, change: kind, message });
    for (const rule of there) {
      if (!wanted.rules.has(rule)) change('rule-added', `allows ${rule}, which no template says`);
    }
    for (const rule of wanted.rules) {
      if (!there.has(rule)) change('rule-removed', `lacks ${rule}, which its template says`);
    }
  }
  return { changes, unchecked };
}

function textOf(rule: SecurityGroupRule): RuleText {
  const { IsEgress, IpProtocol = '', FromPort, ToPort, CidrIpv4, CidrIpv6, ReferencedGroupInfo, PrefixListId } = rule;
  return ruleText({
    direction: IsEgress ? 'out' : 'in',
    protocol: IpProtocol,
    from: FromPort?.toString(),
    to: ToPort?.toString(),
    peer: CidrIpv4 ?? CidrIpv6 ?? ReferencedGroupInfo?.GroupId ?? PrefixListId ?? 'unknown',
  });
}

async function findOutdatedInstances(
  { autoScaling, signal }: FindHandMadeChangesOptions,
  resources: readonly StackResource[],
): Promise<HandMadeChanges> {
  const groups = new Map(
    resources
      .filter(({ type }) => type === 'AWS::AutoScaling::AutoScalingGroup')
      .map((resource) => [resource.physicalId, resource]),
  );
  if (groups.size === 0) return { changes: [], unchecked: [] };
  const { DescribeAutoScalingGroupsCommand } = await import('@aws-sdk/client-auto-scaling');
  const described = await collect(
    (NextToken) =>
      autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [...groups.keys()], NextToken }), {
        abortSignal: signal,
      }),
    (page) => page.AutoScalingGroups,
    (page) => page.NextToken,
  ).catch((error) => {
    throw toDeploymentError(error, { operation: 'DescribeAutoScalingGroups' });
  });
  const changes = described.flatMap(({ AutoScalingGroupName = '', LaunchTemplate, Instances = [] }) => {
    const group = groups.get(AutoScalingGroupName);
    const version = LaunchTemplate?.Version;
    // `$Latest` names no version: what an instance should run cannot be read from it.
    if (group === undefined || version === undefined || version.startsWith('$')) return [];
    return Instances.filter((instance) => instance.LaunchTemplate?.Version !== version).map(
      ({ InstanceId = 'unknown', LaunchTemplate: running }): HandMadeChange => ({
        stackName: group.stackName,
        logicalId: group.logicalId,
        type: group.type,
        physicalId: group.physicalId,
        change: 'instance-outdated',
        message: `${InstanceId} runs version ${running?.Version ?? 'of no launch template'}, the group says ${version}`,
      }),
    );
  });
  return { changes, unchecked: [] };
}
