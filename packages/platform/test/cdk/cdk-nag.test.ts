import { readFileSync } from 'node:fs';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { expect, it } from 'vitest';
import { withoutAccepted } from '../../../../tooling/checks/lib/accepted.mjs';
import { configFiles, shippedTemplates } from '../../../../tooling/checks/lib/templates.mjs';
import { JenkinsPlatform } from '../../src/cdk/jenkins-platform.js';
import { parseConfig } from '../../src/load/parse-config.js';
import { platformConfigSchema } from '../../src/options/platform-config.js';
import { configOf, domainMaster } from './support.js';

const accepted = JSON.parse(
  readFileSync(new URL('../../../../tooling/checks/accepted-findings.json', import.meta.url), 'utf8'),
).filter(({ tool }: { tool: string }) => tool === 'cdk-nag');

const appOf = () => new App({ defaultStackSynthesizer: new BootstraplessSynthesizer() });

/** Every finding as `<stack>/<construct path>`. */
function findingsIn(app: App, scope: IConstruct) {
  const { violations } = new AwsSolutionsChecks(app).validateScope(scope);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    (violatingResources ?? []).map(({ constructPath = '' }) => ({
      rule: ruleName.replace(/\[.*$/, ''),
      where: constructPath.replace(/^Platform\//, ''),
    })),
  );
}

/** Of the configs that cfn-lint judges, too. */
function findingsOfConfigs() {
  const plainHttp = { reason: 'reached over the VPN only' };
  const configs = [
    configOf(),
    configOf({ network: { availabilityZones: 3, nat: 'per-zone' }, masters: { main: domainMaster('ci.example.com') } }),
    configOf({ masters: { main: { access: { allowedCidrs: ['10.0.0.0/16'], plainHttp } } } }),
  ];
  for (const path of configFiles()) {
    configs.push(parseConfig({ text: readFileSync(path, 'utf8'), fileName: path, schema: platformConfigSchema }));
  }
  return configs.flatMap((config) => {
    const app = appOf();
    return findingsIn(app, new JenkinsPlatform(app, 'Platform', { config }));
  });
}

/** Of the ready files of every package, as `<file>/Template/<logical id>`. */
function findingsOfShippedFiles() {
  return shippedTemplates().flatMap(({ fileName, file }) => {
    const app = appOf();
    const stack = new Stack(app, fileName.replace('.json', ''));
    new CfnInclude(stack, 'Template', { templateFile: file });
    return findingsIn(app, stack);
  });
}

it('cdk-nag AwsSolutions finds nothing but what is accepted with a reason, and each acceptance is needed', () => {
  const { open, unused } = withoutAccepted(accepted, [...findingsOfConfigs(), ...findingsOfShippedFiles()]);
  expect(open).toEqual([]);
  expect(unused).toEqual([]);
});
