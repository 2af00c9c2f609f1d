import type { Partition } from '@jenkins-aws/core';
import type { OwnershipTag } from '../../options/stack-definition.js';
import type { PolicyCondition } from './policy-document.js';
import type { TemplateNames } from './template-names.js';

/** What the ARNs and conditions of a policy are made of. */
export interface ScopeContext {
  readonly partition: Partition;
  readonly region: string;
  /** `*` where the account is not known. */
  readonly accountId: string;
  readonly ownershipTag: OwnershipTag;
  readonly permissionsBoundary: string | undefined;
  readonly names: TemplateNames;
}

/** Resources that a statement is limited to, and why they are limited in this way. */
export interface Scope {
  readonly resources: readonly string[];
  readonly condition?: PolicyCondition;
  readonly why: string;
  /** Statements of its own with this in their names, for what a reader shall find at once. */
  readonly name?: string;
  /** Whether another service calls it in turn, in the name of whoever called that service. */
  readonly indirect?: boolean;
}

export type MakeScope = (context: ScopeContext) => Scope;

/** Resources whose identifiers AWS invents, by the word in their ARN: which service has them, which type makes them. */
const BY_ID = {
  'access-point': { service: 'elasticfilesystem', path: 'access-point/*', madeBy: 'AWS::EFS::AccessPoint' },
  certificate: { service: 'acm', path: 'certificate/*', madeBy: 'AWS::CertificateManager::Certificate' },
  'elastic-ip': { service: 'ec2', path: 'elastic-ip/*', madeBy: 'AWS::EC2::EIP' },
  'file-system': { service: 'elasticfilesystem', path: 'file-system/*', madeBy: 'AWS::EFS::FileSystem' },
  image: { service: 'ec2', path: 'image/*', madeBy: undefined },
  instance: { service: 'ec2', path: 'instance/*', madeBy: 'AWS::AutoScaling::AutoScalingGroup' },
  'internet-gateway': { service: 'ec2', path: 'internet-gateway/*', madeBy: 'AWS::EC2::InternetGateway' },
  'launch-template': { service: 'ec2', path: 'launch-template/*', madeBy: 'AWS::EC2::LaunchTemplate' },
  listener: {
    service: 'elasticloadbalancing',
    path: 'listener/app/*',
    madeBy: 'AWS::ElasticLoadBalancingV2::Listener',
  },
  loadbalancer: {
    service: 'elasticloadbalancing',
    path: 'loadbalancer/app/*',
    madeBy: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  },
  natgateway: { service: 'ec2', path: 'natgateway/*', madeBy: 'AWS::EC2::NatGateway' },
  'network-interface': { service: 'ec2', path: 'network-interface/*', madeBy: undefined },
  'route-table': { service: 'ec2', path: 'route-table/*', madeBy: 'AWS::EC2::RouteTable' },
  'security-group': { service: 'ec2', path: 'security-group/*', madeBy: 'AWS::EC2::SecurityGroup' },
  snapshot: { service: 'ec2', path: 'snapshot/*', madeBy: undefined },
  subnet: { service: 'ec2', path: 'subnet/*', madeBy: 'AWS::EC2::Subnet' },
  targetgroup: {
    service: 'elasticloadbalancing',
    path: 'targetgroup/*',
    madeBy: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  },
  volume: { service: 'ec2', path: 'volume/*', madeBy: 'AWS::AutoScaling::AutoScalingGroup' },
  vpc: { service: 'ec2', path: 'vpc/*', madeBy: 'AWS::EC2::VPC' },
  'vpc-endpoint': { service: 'ec2', path: 'vpc-endpoint/*', madeBy: 'AWS::EC2::VPCEndpoint' },
} as const;

export type ResourceWord = keyof typeof BY_ID;

/** AWS's own images and snapshots belong to no account of the caller. */
const OF_ANY_ACCOUNT = new Set<ResourceWord>(['image', 'snapshot']);

function arnOf(word: ResourceWord, { partition, region, accountId }: ScopeContext): string {
  const { service, path } = BY_ID[word];
  return `arn:${partition}:${service}:${region}:${OF_ANY_ACCOUNT.has(word) ? '' : accountId}:${path}`;
}

const tagCondition = (operator: string, key: string, { ownershipTag }: ScopeContext): PolicyCondition => ({
  [operator]: { [`${key}/${ownershipTag.key}`]: ownershipTag.value },
});

/** Resources that exist and carry the tag; any of the account where the templates do not make this kind themselves. */
export const owned =
  (word: ResourceWord): MakeScope =>
  (context) => {
    const { madeBy } = BY_ID[word];
    if (madeBy === undefined || !context.names.types.has(madeBy)) {
      return {
        resources: [arnOf(word, context)],
        why: `any ${word}: the templates make none, so it is somebody else's and has no tag of theirs`,
      };
    }
    return {
      resources: [arnOf(word, context)],
      condition: tagCondition('StringEquals', 'aws:ResourceTag', context),
      why: 'only what carries the tag',
    };
  };

/** Kinds that CloudFormation may tag in a second call, as public reports and the registry's permissions let expect. */
const TAGGED_LATER = ['certificate', 'elastic-ip', 'security-group'] as const;

/** Of {@link TAGGED_LATER} those that the templates make. */
export const taggedLater = ({ types }: TemplateNames) => TAGGED_LATER.filter((word) => types.has(BY_ID[word].madeBy));

/** Resources that are being made. A wrong tag is refused; a missing one only where CloudFormation may add it later. */
export const made =
  (...words: readonly ResourceWord[]): MakeScope =>
  (context) => {
    const later = words.some((word) => TAGGED_LATER.some((other) => other === word));
    return {
      resources: words.map((word) => arnOf(word, context)),
      condition: tagCondition(later ? 'StringEqualsIfExists' : 'StringEquals', 'aws:RequestTag', context),
      why: later ? 'with the tag, or with none yet: CloudFormation may add it in a second call' : 'only with the tag',
    };
  };

/** What carries the tag, whether or not the templates make this kind. */
export const ours =
  (...words: readonly ResourceWord[]): MakeScope =>
  (context) => ({
    resources: words.map((word) => arnOf(word, context)),
    condition: tagCondition('StringEquals', 'aws:ResourceTag', context),
    why: 'only what carries the tag',
  });

/** New tags of what carries the tag already, which must keep its value. */
export const retagged =
  (...words: readonly ResourceWord[]): MakeScope =>
  (context) => ({
    ...ours(...words)(context),
    condition: {
      ...tagCondition('StringEquals', 'aws:ResourceTag', context),
      ...tagCondition('StringEqualsIfExists', 'aws:RequestTag', context),
    },
    why: 'what carries the tag already, without another value for it',
  });

/** Tags that a call which makes something gives in the same call, and no other tagging. */
export const taggedBy =
  (calls: readonly string[], ...words: readonly ResourceWord[]): MakeScope =>
  (context) => {
    const { ownershipTag } = context;
    const services = words.map((word) => BY_ID[word].service);
    return {
      resources: words.map((word) => arnOf(word, context)),
      condition: {
        StringEquals: {
          [`aws:RequestTag/${ownershipTag.key}`]: ownershipTag.value,
          [`${services[0]}:CreateAction`]: calls,
        },
      },
      why: `with the tag, and only in the call that makes the resource (${calls.join(', ')})`,
    };
  };

/** The one way to tag what somebody else made: AWS cannot tell it from what CloudFormation made a moment ago. */
export const taggedInSecondCall =
  (...words: readonly (typeof TAGGED_LATER)[number][]): MakeScope =>
  (context) => ({
    resources: taggedLater(context.names)
      .filter((word) => words.includes(word))
      .map((word) => arnOf(word, context)),
    condition: {
      ...tagCondition('StringEquals', 'aws:RequestTag', context),
      ...tagCondition('StringEqualsIfExists', 'aws:ResourceTag', context),
    },
    name: 'TagsInSecondCall',
    why: 'also what has no such tag yet, whoever made it; never what has another value of it',
  });

/** Only where a service that was called calls it in turn: no person and no CloudFormation can call it directly. */
export const viaService =
  (make: MakeScope): MakeScope =>
  (context) => {
    const scope = make(context);
    return {
      ...scope,
      condition: { ...scope.condition, Bool: { 'aws:ViaAWSService': 'true' } },
      indirect: true,
      why: `${scope.why}, in calls of another service on the caller's behalf only`,
    };
  };

/** Whether each launch template gives its instances and their volumes the tag. */
export function launchesWithTag({ names, ownershipTag }: Pick<ScopeContext, 'names' | 'ownershipTag'>): boolean {
  return names.launchTags.every((tags) => tags[ownershipTag.key] === ownershipTag.value);
}

/** Instances and their volumes at their launch. */
export const launched: MakeScope = (context) => ({
  resources: (['instance', 'volume'] as const).map((word) => arnOf(word, context)),
  condition: tagCondition(
    launchesWithTag(context) ? 'StringEquals' : 'StringEqualsIfExists',
    'aws:RequestTag',
    context,
  ),
  why: launchesWithTag(context)
    ? 'only with the tag'
    : 'not with another value of the tag: a launch template sets none',
});

/** Any resource of this kind in the account and region. */
export const any =
  (why: string, ...words: readonly ResourceWord[]): MakeScope =>
  (context) => ({ resources: words.map((word) => arnOf(word, context)), why });

/** No limit. The reason is for people who ask why. */
export const everything =
  (why: string): MakeScope =>
  () => ({ resources: ['*'], why });

/** No limit but the tag of the request. */
export const everythingTagged =
  (why: string): MakeScope =>
  (context) => ({ resources: ['*'], condition: tagCondition('StringEquals', 'aws:RequestTag', context), why });

/** Resources that have a name: the names that the templates give, or that CloudFormation makes from the stack's. */
export const named =
  (
    kind: keyof TemplateNames['patterns'],
    condition?: (context: ScopeContext) => PolicyCondition | undefined,
  ): MakeScope =>
  (context) => {
    const { partition, region, accountId, names } = context;
    const arn = (pattern: string) => NAMED_ARNS[kind](pattern, { partition, region, accountId });
    const only = condition?.(context);
    return {
      resources: names.patterns[kind].map(arn),
      ...(only === undefined ? {} : { condition: only }),
      why: 'by name',
    };
  };

/** Bucket names are the world's: without this, somebody's bucket of a fitting name would be meant as well. */
export const ofAccount = ({ accountId }: ScopeContext): PolicyCondition | undefined =>
  accountId === '*' ? undefined : { StringEquals: { 'aws:ResourceAccount': accountId } };

/** Any key of KMS, by way of one service. Which keys those are is said by the keys' own policies. */
export const keysOf =
  (service: string): MakeScope =>
  ({ partition, region, accountId }) => ({
    resources: [`arn:${partition}:kms:${region}:${accountId}:key/*`],
    condition: { StringLike: { 'kms:ViaService': [`${service}.${region}.*`] } },
    indirect: true,
    why: `any key, by way of ${service} only: the key’s own policy decides which`,
  });

/** SSM parameters that CloudFormation reads for the templates. */
export const readParameters: MakeScope = ({ partition, region, accountId, names }) => ({
  resources: [
    ...names.readParameters.map((name) => NAMED_ARNS.parameter(name, { partition, region, accountId })),
    ...names.readPublicParameters.map((name) => NAMED_ARNS.parameter(name, { partition, region, accountId: '' })),
  ],
  why: 'only the parameters that the templates read',
});

type ArnParts = Pick<ScopeContext, 'partition' | 'region' | 'accountId'>;

const NAMED_ARNS: Readonly<Record<keyof TemplateNames['patterns'], (name: string, parts: ArnParts) => string>> = {
  alarm: (name, { partition, region, accountId }) => `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}`,
  bucket: (name, { partition }) => `arn:${partition}:s3:::${name}`,
  group: (name, { partition, region, accountId }) =>
    `arn:${partition}:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${name}`,
  hostedZone: (name, { partition }) => `arn:${partition}:route53:::hostedzone/${name}`,
  instanceProfile: (name, { partition, accountId }) => `arn:${partition}:iam::${accountId}:instance-profile${name}`,
  logGroup: (name, { partition, region, accountId }) =>
    `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`,
  parameter: (name, { partition, region, accountId }) =>
    `arn:${partition}:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, '')}`,
  role: (name, { partition, accountId }) => `arn:${partition}:iam::${accountId}:role${name}`,
  stack: (name, { partition, region, accountId }) =>
    `arn:${partition}:cloudformation:${region}:${accountId}:stack/${name}/*`,
  topic: (name, { partition, region, accountId }) => `arn:${partition}:sns:${region}:${accountId}:${name}`,
};
