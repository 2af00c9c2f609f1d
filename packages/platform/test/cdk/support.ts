import { parseConfig } from '../../src/load/parse-config.js';
import {
  type PlatformConfig,
  type PlatformConfigInput,
  platformConfigSchema,
} from '../../src/options/platform-config.js';

export type Resource = {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
};
export type Template = Readonly<Record<string, unknown>>;

const hostedZone = { id: 'Z0123456789ABCDEFGHIJ', name: 'example.com' };

/** One master under a domain name, open to one office. */
export const domainMaster = (domainName: string) => ({
  access: { scheme: 'internet-facing' as const, allowedCidrs: ['203.0.113.0/24'], domainName, hostedZone },
  alarms: { emails: ['ops@example.com'] },
});

/** A complete config from what matters to a test. */
export function configOf(config: Partial<PlatformConfigInput> = {}): PlatformConfig {
  return parseConfig({
    text: JSON.stringify({
      name: 'ci',
      region: 'eu-central-1',
      masters: { main: domainMaster('ci.example.com') },
      ...config,
    }),
    fileName: 'test.json',
    schema: platformConfigSchema,
  });
}

export function resourcesOf(template: Template): Record<string, Resource> {
  return template.Resources as Record<string, Resource>;
}
