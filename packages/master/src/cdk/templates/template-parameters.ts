import { MANAGED_POLICY_ARN_PATTERN, ROLE_PATH_PATTERN } from '@jenkins-aws/core';
import { CfnCondition, CfnParameter, type CfnParameterProps, Fn, Lazy, type Stack } from 'aws-cdk-lib/core';
import * as z from 'zod';
import { LOG_RETENTION_DAYS, masterOptionsSchema } from '../../options/master-options.js';

type Definition = CfnParameterProps & { readonly group: string };

/** Pattern, default, bounds and description of a master's option: what the config file says, the template says too. */
function ofOption(path: string, cut = Number.POSITIVE_INFINITY): CfnParameterProps {
  const schema = z.toJSONSchema(masterOptionsSchema, { io: 'input' });
  const found = path
    .split('.')
    .reduce<z.core.JSONSchema.BaseSchema>((at, key) => (at.properties?.[key] ?? {}) as typeof at, schema);
  const { description = '', pattern, default: value, minimum, maximum } = found;
  return {
    description: description.split('. ').slice(0, cut).join('. ').replaceAll('`', '').replace(/\.?$/, '.'),
    ...(pattern === undefined ? {} : { allowedPattern: pattern }),
    ...(value === undefined ? {} : { default: value }),
    ...(minimum === undefined ? {} : { minValue: minimum, maxValue: maximum }),
  };
}

/** A pattern that also takes nothing, which is the default. */
const optional = ({ allowedPattern, ...props }: CfnParameterProps): CfnParameterProps => ({
  ...props,
  default: '',
  allowedPattern: `^$|${allowedPattern}`,
});

/** IPv4 ranges from /8 on: 10.0.0.0/8 is the widest private one, and what is wider lets the internet in. */
const RANGE = '^((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)/([89]|[12]\\d|3[0-2])$';
const moreRange: CfnParameterProps = {
  ...optional({ allowedPattern: RANGE }),
  description: 'One more range. Default: none.',
  constraintDescription: 'must be empty or an IPv4 range between /8 and /32 such as 203.0.113.0/24',
};

const NETWORK = 'Network';
const ACCESS = 'Who reaches Jenkins, and how';
const CONTROLLER = 'Controller';
const HOME = 'Home';
const WATCH = 'Logs and alarms';
const IAM = 'IAM';

/** Every parameter that a template of this room may have: all that is foreign, and what a team chooses. */
const PARAMETERS = {
  VpcId: { group: NETWORK, type: 'AWS::EC2::VPC::Id', description: 'The VPC that Jenkins runs in.' },
  PrivateSubnetIds: {
    group: NETWORK,
    type: 'List<AWS::EC2::Subnet::Id>',
    description:
      'Private subnets in different zones, two or three as ZoneCount says, with a way out to port 443 (NAT). The controller runs in one of them, the home has a mount target in each. Add at the end only: another order would replace mount targets that are in use.',
  },
  LoadBalancerSubnetIds: {
    group: NETWORK,
    type: 'List<AWS::EC2::Subnet::Id>',
    description:
      'Subnets of the load balancer in at least two zones: public ones when it is internet-facing, else the private ones.',
  },
  ZoneCount: {
    group: NETWORK,
    type: 'String',
    default: '2',
    allowedValues: ['2', '3'],
    description:
      'How many of PrivateSubnetIds are used, from the first one on. The controller can restart in each of their zones.',
  },
  Scheme: {
    group: ACCESS,
    type: 'String',
    default: 'internal',
    allowedValues: ['internal', 'internet-facing'],
    description:
      'internal is reachable from the VPC and what is connected to it; internet-facing has public addresses. It cannot be changed by an update: the new balancer could not have the targets of the old one.',
  },
  AllowedCidr: {
    group: ACCESS,
    type: 'String',
    allowedPattern: RANGE,
    description: 'IPv4 range that may reach the load balancer, e.g. of your offices or VPN. The internet is refused.',
    constraintDescription: 'must be an IPv4 range between /8 and /32 such as 203.0.113.0/24',
  },
  AllowedCidr2: { group: ACCESS, type: 'String', ...moreRange },
  AllowedCidr3: { group: ACCESS, type: 'String', ...moreRange },
  AllowedPrefixListId: {
    group: ACCESS,
    type: 'String',
    ...optional({ allowedPattern: '^pl-[0-9a-f]{8,17}$' }),
    description:
      'Managed prefix list whose ranges may reach the load balancer as well. Each of its entries takes a place in the security group. Default: none.',
    constraintDescription: 'must be empty or the id of a prefix list such as pl-0123456789abcdef0',
  },
  CertificateArn: {
    group: ACCESS,
    type: 'String',
    ...ofOption('access.certificateArn'),
    description: 'ACM certificate, in this region, of the name under which people reach Jenkins.',
    constraintDescription: 'must be the ARN of an ACM certificate',
  },
  DomainName: {
    group: ACCESS,
    type: 'String',
    ...optional(ofOption('access.domainName')),
    description:
      'Name under which people reach Jenkins, one that the certificate has. Its DNS record is yours to make, to LoadBalancerDnsName. Default: the own name of the load balancer, which no certificate has.',
    constraintDescription: 'must be empty or a lower-case domain name such as jenkins.example.com',
  },
  PlainHttpReason: {
    group: ACCESS,
    type: 'String',
    minLength: 10,
    maxLength: 500,
    description:
      'Why traffic without TLS is acceptable here, in at least 10 characters. It stands among the outputs of the stack.',
    constraintDescription: 'must say in at least 10 characters why this is acceptable',
  },
  JenkinsVersion: {
    group: CONTROLLER,
    type: 'String',
    ...ofOption('jenkinsVersion', 1),
    constraintDescription: 'must be a long-term support release such as 2.568.2',
  },
  InstanceType: {
    group: CONTROLLER,
    type: 'String',
    ...ofOption('instanceType'),
    constraintDescription: 'must be an EC2 instance type that runs Linux, such as m7g.large',
  },
  Architecture: {
    group: CONTROLLER,
    type: 'String',
    default: 'arm64',
    allowedValues: ['arm64', 'x86_64'],
    description: 'Of InstanceType: arm64 for Graviton types, x86_64 for the others. Not read with MachineImageId.',
  },
  MachineImageId: {
    group: CONTROLLER,
    type: 'String',
    ...optional(ofOption('machineImageId')),
    description:
      'Amazon Linux 2023 image to boot, of the architecture of the instance type. Default: the newest that AWS has published when the launch template is made or changed.',
    constraintDescription: 'must be empty or an AMI id such as ami-0123456789abcdef0',
  },
  RootVolumeGiB: { group: CONTROLLER, type: 'Number', ...ofOption('rootVolumeGiB') },
  HomeThroughput: {
    group: HOME,
    type: 'String',
    default: 'elastic',
    allowedValues: ['elastic', 'bursting'],
    description: ofOption('home.throughput').description ?? '',
  },
  FileSystemId: {
    group: HOME,
    type: 'String',
    allowedPattern: '^fs-[0-9a-f]{8,17}$',
    description: 'EFS file system of the home: the output FileSystemId of home-efs.json.',
    constraintDescription: 'must be the id of a file system such as fs-0123456789abcdef0',
  },
  AccessPointId: {
    group: HOME,
    type: 'String',
    allowedPattern: '^fsap-[0-9a-f]{8,17}$',
    description: 'Access point of the home, with the user 1500: the output AccessPointId of home-efs.json.',
    constraintDescription: 'must be the id of an access point such as fsap-0123456789abcdef0',
  },
  HomeSecurityGroupId: {
    group: HOME,
    type: 'AWS::EC2::SecurityGroup::Id',
    description: 'Security group of the mount targets of the home. It gets one rule, for the controller.',
  },
  LogGroupName: {
    group: HOME,
    type: 'String',
    allowedPattern: '^[A-Za-z0-9_./#-]{1,512}$',
    description: 'Log group of boot and Jenkins: the output LogGroupName of home-efs.json.',
    constraintDescription: 'must be the name of a log group, such as /team/jenkins',
  },
  LogRetentionDays: {
    group: WATCH,
    type: 'Number',
    description: ofOption('logRetentionDays').description ?? '',
    default: String(ofOption('logRetentionDays').default),
    allowedValues: LOG_RETENTION_DAYS.map(String),
  },
  AlarmEmail: {
    group: WATCH,
    type: 'String',
    ...optional({ allowedPattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$' }),
    description: 'Who gets the alarms; the address must confirm the mail that AWS sends. Default: nobody.',
    constraintDescription: 'must be empty or an e-mail address',
  },
  CpuAlarmPercent: { group: WATCH, type: 'Number', ...ofOption('alarms.cpuPercent') },
  PermissionsBoundaryArn: {
    group: IAM,
    type: 'String',
    ...optional({ allowedPattern: MANAGED_POLICY_ARN_PATTERN.source }),
    description: 'Managed policy that bounds the role of the controller. Default: none.',
    constraintDescription: 'must be empty or the ARN of a managed policy',
  },
  RolePath: {
    group: IAM,
    type: 'String',
    default: '/',
    allowedPattern: ROLE_PATH_PATTERN.source,
    maxLength: 512,
    description: 'Path of the role and the instance profile of the controller. Changing it replaces both.',
    constraintDescription: 'must begin and end with a slash and have at most eight parts, such as /teams/ci/',
  },
} as const satisfies Record<string, Definition>;

type TemplateParameter = keyof typeof PARAMETERS;

/** The parameters of one template: made when they are first asked for, shown in the groups of the table. */
export class TemplateParameters {
  constructor(private readonly stack: Stack) {
    stack.templateOptions.metadata = {
      'AWS::CloudFormation::Interface': { ParameterGroups: Lazy.any({ produce: () => this.groups() }) },
    };
  }

  get(name: TemplateParameter): CfnParameter {
    const existing = this.stack.node.tryFindChild(name) as CfnParameter | undefined;
    if (existing !== undefined) return existing;
    const { group: _group, ...props } = PARAMETERS[name] as Definition;
    return new CfnParameter(this.stack, name, props);
  }

  text(name: TemplateParameter): string {
    return this.get(name).valueAsString;
  }

  number(name: TemplateParameter): number {
    return this.get(name).valueAsNumber;
  }

  /** A condition that holds where an optional parameter is given. */
  given(name: TemplateParameter): CfnCondition {
    const id = `${name}Given`;
    const existing = this.stack.node.tryFindChild(id) as CfnCondition | undefined;
    const expression = () => Fn.conditionNot(Fn.conditionEquals(this.text(name), ''));
    return existing ?? new CfnCondition(this.stack, id, { expression: expression() });
  }

  private groups(): { Label: { default: string }; Parameters: string[] }[] {
    const made = Object.entries(PARAMETERS).filter(
      ([name]) => this.stack.node.tryFindChild(name) instanceof CfnParameter,
    );
    const labels = [...new Set(made.map(([, { group }]) => group))];
    return labels.map((label) => ({
      Label: { default: label },
      Parameters: made.filter(([, { group }]) => group === label).map(([name]) => name),
    }));
  }
}
