import { MASTER_TAG, PLATFORM_TAG } from '@jenkins-aws/core';
import { type SynthesizeStacksOptions, synthesizeStacks } from '@jenkins-aws/core/cdk';
import type { StackDefinition } from '@jenkins-aws/deployment';
import { JenkinsPlatform } from './cdk/jenkins-platform.js';
import type { PlatformConfig } from './options/platform-config.js';
import { platformStacks } from './plan/platform-stacks.js';
import { stackProtection } from './plan/stack-protection.js';

/** One stack of the platform, ready to deploy, and its template as data for whoever judges or prices it. */
export interface PlatformTemplate extends StackDefinition {
  readonly template: Readonly<Record<string, unknown>>;
}

/** Every stack's template, in the order in which they are deployed. Needs no credentials and no network. */
export function platformTemplates(
  config: PlatformConfig,
  options: SynthesizeStacksOptions = {},
): readonly PlatformTemplate[] {
  const synthesized = synthesizeStacks((app) => new JenkinsPlatform(app, 'Platform', { config }), options);
  const templateByName = new Map(synthesized.map(({ name, template }) => [name, template]));
  return platformStacks(config).map(({ name, role, master, dependsOn }) => {
    const template = templateByName.get(name) ?? {};
    return {
      name,
      dependsOn,
      template,
      templateBody: JSON.stringify(template),
      ...stackProtection(role),
      tags: {
        ...config.tags,
        [PLATFORM_TAG]: config.name,
        ...(master === undefined ? {} : { [MASTER_TAG]: master }),
      },
    };
  });
}
