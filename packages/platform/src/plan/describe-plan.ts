import { type CostEstimate, estimateMonthlyCost } from '@jenkins-aws/pricing';
import type { PlatformConfig } from '../options/platform-config.js';
import { platformStacks } from './platform-stacks.js';

/** A stack and what it is made of. */
export interface PlannedStack {
  readonly name: string;
  readonly role: string;
  readonly master: string | undefined;
  readonly resources: readonly { readonly logicalId: string; readonly type: string }[];
}

/** What a deploy of a config makes, known without an account. */
export interface PlatformPlan {
  readonly platform: string;
  readonly region: string;
  readonly stacks: readonly PlannedStack[];
  readonly cost: CostEstimate;
  /** What a person should know before they deploy this. */
  readonly notes: readonly string[];
}

type Template = Readonly<Record<string, unknown>>;

function resourcesOf(template: Template): PlannedStack['resources'] {
  const resources = (template.Resources ?? {}) as Record<string, { Type: string }>;
  return Object.entries(resources).map(([logicalId, { Type: type }]) => ({ logicalId, type }));
}

function notesOf(config: PlatformConfig): string[] {
  const notes: string[] = [];
  if (config.network.nat === 'one') {
    notes.push(
      'the one NAT gateway lives in one zone: when that zone fails, a new controller cannot boot in another, and a running one loses its logs, Session Manager and source control',
    );
  }
  for (const [name, { access, alarms, machineImageId }] of Object.entries(config.masters)) {
    if (access.plainHttp !== undefined) {
      notes.push(`master ${name} is reached without TLS, because: ${access.plainHttp.reason}`);
    }
    if (access.certificateArn !== undefined && access.domainName === undefined) {
      notes.push(
        `master ${name} has a certificate and no domainName: browsers will not trust it under the load balancer’s name`,
      );
    }
    if (alarms.emails.length === 0) notes.push(`nobody gets the alarms of master ${name}: alarms.emails is empty`);
    if (machineImageId === undefined) {
      notes.push(
        `master ${name} boots the Amazon Linux 2023 that is newest when its launch template changes; machineImageId pins it`,
      );
    }
  }
  return notes;
}

/** The plan for a person and for programs. Pure; `templates` are those of the config. */
export function describePlan(
  config: PlatformConfig,
  templates: readonly { readonly name: string; readonly template: Template }[],
): PlatformPlan {
  const cost = estimateMonthlyCost({ templates, region: config.region });
  const templateByName = new Map(templates.map(({ name, template }) => [name, template]));
  return {
    platform: config.name,
    region: config.region,
    stacks: platformStacks(config).map(({ name, role, master }) => ({
      name,
      role,
      master,
      resources: resourcesOf(templateByName.get(name) ?? {}),
    })),
    cost,
    notes: [
      ...(cost.totalMonthly === 0 ? [`no price is known in ${config.region}: is that its name?`] : []),
      ...notesOf(config),
    ],
  };
}
