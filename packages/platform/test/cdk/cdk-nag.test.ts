import { readFileSync } from 'node:fs';
import { App, BootstraplessSynthesizer } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, it } from 'vitest';
import { withoutAccepted } from '../../../../tooling/checks/lib/accepted.mjs';
import { configFiles } from '../../../../tooling/checks/lib/templates.mjs';
import { JenkinsPlatform } from '../../src/cdk/jenkins-platform.js';
import { parseConfig } from '../../src/load/parse-config.js';
import { platformConfigSchema } from '../../src/options/platform-config.js';
import { configOf, domainMaster } from './support.js';

const accepted = JSON.parse(
  readFileSync(new URL('../../../../tooling/checks/accepted-findings.json', import.meta.url), 'utf8'),
).filter(({ tool }: { tool: string }) => tool === 'cdk-nag');

/** Every finding as `<stack>/<construct path>`: of the configs that cfn-lint judges, too. */
function findings() {
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
    const app = new App({ defaultStackSynthesizer: new BootstraplessSynthesizer() });
    const platform = new JenkinsPlatform(app, 'Platform', { config });
    const { violations } = new AwsSolutionsChecks(app).validateScope(platform);
    return violations.flatMap(({ ruleName, violatingResources }) =>
      (violatingResources ?? []).map(({ constructPath = '' }) => ({
        rule: ruleName.replace(/\[.*$/, ''),
        where: constructPath.replace(/^Platform\//, ''),
      })),
    );
  });
}

it('cdk-nag AwsSolutions finds nothing but what is accepted with a reason, and each acceptance is needed', () => {
  const { open, unused } = withoutAccepted(accepted, findings());
  expect(open).toEqual([]);
  expect(unused).toEqual([]);
});
