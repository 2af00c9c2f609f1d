import { KEPT_OF_STACK_NAME } from '@jenkins-aws/core';
import { asRecord } from '../read-template.js';

export interface NamedTemplate {
  /** The stack's name. */
  readonly name: string;
  readonly template: Readonly<Record<string, unknown>>;
}

/** What the templates tell about names: which types they make, and name patterns with `*` by kind of resource. */
export interface TemplateNames {
  readonly types: ReadonlySet<string>;
  readonly patterns: Readonly<
    Record<
      | 'alarm'
      | 'bucket'
      | 'group'
      | 'hostedZone'
      | 'instanceProfile'
      | 'logGroup'
      | 'parameter'
      | 'role'
      | 'stack'
      | 'topic',
      readonly string[]
    >
  >;
  /** SSM parameters whose values CloudFormation reads for the templates, the public ones of AWS apart. */
  readonly readParameters: readonly string[];
  /** The public SSM parameters of AWS that it reads, by name. */
  readonly readPublicParameters: readonly string[];
  /** The types of template parameters, such as `AWS::EC2::VPC::Id`, whose values CloudFormation looks up. */
  readonly parameterTypes: ReadonlySet<string>;
  /** The domain names of certificates; empty where a template takes one as a parameter. */
  readonly certificateNames: readonly string[];
  /** Whether a bucket encrypts by a key of KMS. */
  readonly bucketsHaveKeys: boolean;
  /** The domain names for which records are written; empty where a template takes them as parameters. */
  readonly recordNames: readonly string[];
  /** Patterns that were cut for {@link KEPT_OF_STACK_NAME}, so that they fit the names of other stacks too. */
  readonly cutNames: readonly string[];
  /** The tags that a launch template gives to instances and volumes alike, one entry a template. */
  readonly launchTags: readonly Readonly<Record<string, unknown>>[];
}

const CERTIFICATE = 'AWS::CertificateManager::Certificate';

/**
 * Reads the names in the templates. A literal name that begins with one of `prefixes` becomes the prefix with `*`, so
 * that the policy still fits when a master is added.
 */
export function readTemplateNames(stacks: readonly NamedTemplate[], prefixes: readonly string[]): TemplateNames {
  const resources = stacks.flatMap(({ name, template }) =>
    Object.values(asRecord(template.Resources)).map((resource) => {
      const { Type, Properties } = asRecord(resource);
      return { stack: name, type: String(Type ?? 'unknown'), properties: asRecord(Properties) };
    }),
  );
  const parameters = stacks.flatMap(({ template }) => Object.values(asRecord(template.Parameters)).map(asRecord));
  const read = readParameters(stacks, parameters);
  const widen = (name: string) => {
    const prefix = prefixes.find((candidate) => name.startsWith(candidate));
    return prefix === undefined ? name : `${prefix}*`;
  };
  const inFull = (stack: string) => {
    const widened = widen(stack);
    return widened.endsWith('*') ? widened.slice(0, -1) : `${widened}-`;
  };
  const generated = (stack: string) => `${inFull(stack).slice(0, KEPT_OF_STACK_NAME)}*`;
  const of = (type: string, property: string, unnamed: (stack: string) => string = generated) =>
    unique(
      resources
        .filter((resource) => resource.type === type)
        .map(({ stack, properties }) => literal(properties[property], stack, widen) ?? unnamed(stack)),
    );
  const withPath = (type: string, property: string) =>
    unique(
      resources
        .filter((resource) => resource.type === type)
        .map(
          ({ stack, properties }) =>
            `${literal(properties.Path, stack) ?? '/'}${literal(properties[property], stack, widen) ?? generated(stack)}`,
        ),
    );
  return {
    types: new Set(resources.map(({ type }) => type)),
    patterns: {
      alarm: of('AWS::CloudWatch::Alarm', 'AlarmName'),
      bucket: of('AWS::S3::Bucket', 'BucketName', (stack) => generated(stack).toLowerCase()),
      group: of('AWS::AutoScaling::AutoScalingGroup', 'AutoScalingGroupName'),
      hostedZone: unique([
        ...of('AWS::Route53::RecordSet', 'HostedZoneId', () => '*'),
        ...resources
          .filter(({ type }) => type === CERTIFICATE)
          .flatMap(({ properties }) => validationZones(properties)),
      ]),
      instanceProfile: withPath('AWS::IAM::InstanceProfile', 'InstanceProfileName'),
      // CloudWatch Logs asks for a log group with and without a colon and star at its end, by action.
      logGroup: of('AWS::Logs::LogGroup', 'LogGroupName').flatMap((name) =>
        name.endsWith('*') ? name : [name, `${name}:*`],
      ),
      parameter: of('AWS::SSM::Parameter', 'Name'),
      role: withPath('AWS::IAM::Role', 'RoleName'),
      stack: unique(stacks.map(({ name }) => widen(name))),
      topic: of('AWS::SNS::Topic', 'TopicName'),
    },
    readParameters: unique(read.filter((name) => !name.startsWith(PUBLIC)).map(widen)),
    readPublicParameters: unique(read.filter((name) => name.startsWith(PUBLIC))),
    parameterTypes: new Set(
      parameters.map(({ Type }) => /^AWS::SSM::Parameter::Value<(.*)>$/.exec(String(Type))?.[1] ?? String(Type)),
    ),
    bucketsHaveKeys: resources.some(
      ({ type, properties }) =>
        type === 'AWS::S3::Bucket' && /aws:kms/.test(JSON.stringify(properties.BucketEncryption ?? '')),
    ),
    certificateNames: whereAllAreText(
      resources.filter(({ type }) => type === CERTIFICATE).flatMap(({ properties }) => domainNames(properties)),
    ),
    recordNames: recordNames(resources),
    cutNames: unique(stacks.flatMap(({ name }) => (inFull(name).length > KEPT_OF_STACK_NAME ? [generated(name)] : []))),
    launchTags: resources.filter(({ type }) => type === 'AWS::EC2::LaunchTemplate').map(launchTags),
  };
}

/** Where AWS publishes parameters such as the newest machine images. */
const PUBLIC = '/aws/service/';

function readParameters(stacks: readonly NamedTemplate[], parameters: readonly Record<string, unknown>[]): string[] {
  const dynamic = stacks.flatMap(({ template }) =>
    [...JSON.stringify(template).matchAll(/\{\{resolve:ssm(?:-secure)?:([\w./-]+)/g)].map(([, name]) => name ?? ''),
  );
  const typed = parameters
    .filter(({ Type }) => String(Type).startsWith('AWS::SSM::Parameter::'))
    .map(({ Default }) => (typeof Default === 'string' ? Default : '*'));
  return unique([...typed, ...dynamic]);
}

function validationZones(properties: Record<string, unknown>): string[] {
  const options = properties.DomainValidationOptions;
  if (!Array.isArray(options)) return [];
  return options.flatMap((option) => {
    const { HostedZoneId } = asRecord(option);
    if (HostedZoneId === undefined) return [];
    return typeof HostedZoneId === 'string' ? [HostedZoneId] : ['*'];
  });
}

function recordNames(resources: readonly { type: string; properties: Record<string, unknown> }[]): string[] {
  const names = resources.flatMap(({ type, properties }) => {
    if (type === 'AWS::Route53::RecordSet') return [properties.Name];
    return type === CERTIFICATE && validationZones(properties).length > 0 ? domainNames(properties) : [];
  });
  return unique(whereAllAreText(names).map((name) => name.toLowerCase().replace(/\.$/, '').replace(/^\*\./, '')));
}

function launchTags({ properties }: { properties: Record<string, unknown> }): Record<string, unknown> {
  const { TagSpecifications } = asRecord(properties.LaunchTemplateData);
  const specifications = Array.isArray(TagSpecifications) ? TagSpecifications.map(asRecord) : [];
  const [instance, volume] = ['instance', 'volume'].map((kind) => {
    const { Tags } = specifications.find(({ ResourceType }) => ResourceType === kind) ?? {};
    const tags = Array.isArray(Tags) ? Tags.map(asRecord) : [];
    return Object.fromEntries(tags.map(({ Key, Value }) => [String(Key), Value]));
  });
  return Object.fromEntries(Object.entries(instance ?? {}).filter(([key, value]) => volume?.[key] === value));
}

function domainNames({ DomainName, SubjectAlternativeNames }: Record<string, unknown>): unknown[] {
  return [DomainName, ...(Array.isArray(SubjectAlternativeNames) ? SubjectAlternativeNames : [])];
}

/** One name that is not known stands for any. */
function whereAllAreText(names: readonly unknown[]): string[] {
  const known = names.filter((name) => typeof name === 'string');
  return known.length === names.length ? unique(known) : [];
}

/** The name where the template says it in full, or from the stack's name on. */
function literal(value: unknown, stack: string, widen: (name: string) => string = String): string | undefined {
  if (typeof value === 'string') return widen(value);
  const join = asRecord(value)['Fn::Join'];
  if (!Array.isArray(join) || join[0] !== '' || !Array.isArray(join[1])) return undefined;
  const parts = join[1].map((part) => (asRecord(part).Ref === 'AWS::StackName' ? stack : part));
  return parts.every((part) => typeof part === 'string') ? widen(parts.join('')) : undefined;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
