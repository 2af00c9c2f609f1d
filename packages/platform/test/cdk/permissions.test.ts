import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ownershipTag, parameterName, partitionOfRegion, stackNamePrefix } from '@jenkins-aws/core';
import { planPermissions, policySize } from '@jenkins-aws/deployment/permissions';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/load/parse-config.js';
import { platformConfigSchema } from '../../src/options/platform-config.js';
import { platformTemplates } from '../../src/template.js';

const root = resolve(import.meta.dirname, '../../../..');
/** Files with this ending in `inner` of every folder below `outer`, as paths from the repository's root. */
const find = (outer: string, inner: string, ending: string) =>
  readdirSync(join(root, outer)).flatMap((folder) => {
    const path = join(root, outer, folder, inner);
    return existsSync(path) ? list(join(outer, folder, inner), ending) : [];
  });
const list = (folder: string, ending: string) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file));
const configs = [...list('tooling/checks/configs', '.yaml'), ...find('examples', '.', 'aws.config.yaml')].sort();
const shipped = find('packages', 'templates', '.json').sort();
const BOUNDARY = 'boundary';

function planFor(file: string) {
  const text = readFileSync(join(root, file), 'utf8');
  const config = parseConfig({ text, fileName: file, schema: platformConfigSchema });
  const { name, region } = config;
  const partition = partitionOfRegion(region);
  const plan = planPermissions({
    stacks: platformTemplates(config),
    partition,
    region,
    accountId: '111122223333',
    ownershipTag: ownershipTag(name),
    namePrefixes: [stackNamePrefix(name), `${parameterName(name)}/`],
    permissionsBoundary: `arn:${partition}:iam::111122223333:policy/${BOUNDARY}`,
  });
  const sets = [plan.single, plan.deployer, plan.serviceRole];
  const statements = sets.flatMap(({ documents }) => documents.flatMap(({ Statement }) => Statement));
  return { name, partition, plan, sets, statements };
}

describe('the permissions of a deployment', () => {
  it('are looked at for several configs and ready files', () => {
    expect(configs.length).toBeGreaterThan(5);
    expect(shipped.length).toBeGreaterThan(2);
  });

  it.each(configs)('of %s are known for every resource, and fit into policies that IAM takes', (file) => {
    const { sets } = planFor(file);
    for (const { documents, reasons } of sets) {
      expect(documents.every((document) => policySize(document) <= 6144)).toBe(true);
      expect(documents.length).toBeLessThanOrEqual(10);
      expect(reasons.every(({ reason, scope }) => reason !== '' && scope !== '')).toBe(true);
    }
  });

  it.each(configs)('of %s are limited to the partition, and to the platform where there is a name', (file) => {
    const { name, partition, statements } = planFor(file);
    for (const arn of statements.flatMap(({ Resource }) => Resource).filter((resource) => resource !== '*')) {
      expect(arn).toMatch(new RegExp(`^arn:${partition}:`));
      const [, , service = '', , , ...rest] = arn.split(':');
      const path = rest.join(':');
      if (service === 'iam' && !path.includes('/aws-service-role/')) {
        expect(path).toMatch(new RegExp(`^(role|instance-profile)/(jenkins-${name}-\\*|cfn-jenkins-${name})$`));
      }
      if (service === 'logs') expect(path).toBe(`log-group:/jenkins-aws/${name}/*`);
      if (service === 'sns') expect(path).toBe(`jenkins-${name}-*`);
      if (service === 's3') expect(path).toMatch(new RegExp(`^jenkins-${name}-\\*(/\\*)?$`));
      if (service === 'ssm')
        expect(path).toMatch(new RegExp(`^parameter/(jenkins-aws/${name}/\\*|aws/service/[\\w/-]+)$`));
    }
  });

  it.each(configs)('of %s let no role be made without the boundary, nor the boundary be taken away', (file) => {
    const { statements } = planFor(file);
    const making = statements.filter(({ Action }) =>
      Action.some((action) => ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy'].includes(action)),
    );
    expect(making.length).toBeGreaterThan(0);
    for (const { Condition } of making) {
      expect(Condition?.StringEquals?.['iam:PermissionsBoundary']).toMatch(new RegExp(`/${BOUNDARY}$`));
    }
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions).not.toContain('iam:DeleteRolePermissionsBoundary');
  });

  it.each(shipped)('of %s are known for every resource', (file) => {
    const template = JSON.parse(readFileSync(join(root, file), 'utf8'));
    const plan = planPermissions({
      stacks: [{ name: basename(file, '.json'), template }],
      partition: 'aws',
      region: 'eu-central-1',
      ownershipTag: { key: 'owner', value: 'us' },
    });
    expect(plan.serviceRole.documents.length).toBeGreaterThan(0);
  });
});
