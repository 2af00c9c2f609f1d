import { isRegionName, type Problem } from '@jenkins-aws/core';
import type { CostEstimate, FreeResources, UsedAssumption } from './cost-estimate.js';
import { inputError, type PricingErrorCode } from './errors.js';
import type { Charge } from './internal/charge.js';
import { createLines } from './internal/lines.js';
import { centsToDollars } from './internal/money.js';
import { createResolvers } from './internal/resolve.js';
import { asRecord, type NamedTemplate, type ResourceView, resourceView } from './internal/template-view.js';
import { priceResource } from './resources/price-resource.js';
import { PRICE_TABLE } from './table/price-table.js';
import {
  resolveUsage,
  USAGE_ASSUMPTIONS,
  type UsageAssumptionName,
  type UsageAssumptions,
  usageProblems,
} from './usage-assumptions.js';

export interface EstimateOptions {
  /** The stacks, in the order of the estimate, as `JSON.parse` gives them. */
  readonly templates: readonly NamedTemplate[];
  /** Where they are deployed, e.g. `us-east-1`. Only this region's prices are used. */
  readonly region: string;
  /** What the templates cannot say. Default: {@link USAGE_ASSUMPTIONS}. */
  readonly usage?: Partial<UsageAssumptions>;
}

/**
 * What the resources of CloudFormation templates cost a month in USD, at AWS's list price.
 *
 * Every line is quantity × price, each price from a dated source; where something is not sourced or not known before
 * deployment the line says `unknown` and stays out of the total. Values that a parameter decides are taken from its
 * default, or, for SSM parameters, from the resource in `templates` that writes them. Not included: taxes, free
 * tier, discounts, data transfer between zones and to the internet.
 *
 * Makes no AWS calls and needs no permissions.
 *
 * @throws PricingError `PRICING_INPUT_INVALID` with all problems of the input
 */
export function estimateMonthlyCost({ templates, region, usage = {} }: EstimateOptions): CostEstimate {
  const problems = [...regionProblems(region), ...templates.flatMap(templateProblems), ...usageProblems(usage)];
  if (problems.length > 0) throw inputError(problems);

  const resolvedUsage = resolveUsage(usage);
  const resolvers = createResolvers(
    templates.map(({ template }) => template),
    region,
  );
  const lines = createLines(region);
  const free = new Map<string, FreeResources>();
  const used = new Set<UsageAssumptionName>();

  for (const [index, resolver] of resolvers.entries()) {
    const { name, template } = templates[index] as NamedTemplate;
    const context = { resolver, usage: resolvedUsage };
    for (const [logicalId, value] of Object.entries(asRecord(template.Resources) ?? {})) {
      const resource = resourceView(logicalId, value);
      if (resource === undefined) continue;
      const priced = priceResource(resource, context);
      if ('free' in priced) {
        const key = `${resource.type} ${priced.free}`;
        free.set(key, { type: resource.type, reason: priced.free, count: (free.get(key)?.count ?? 0) + 1 });
        continue;
      }
      for (const charge of priced.charges) {
        lines.add(name, resource.logicalId, withCondition(charge, resource));
        for (const assumption of assumptionsOf(charge)) used.add(assumption);
      }
    }
  }

  return {
    currency: PRICE_TABLE.currency,
    region,
    tableDate: PRICE_TABLE.date,
    lines: lines.all(),
    totalMonthly: centsToDollars(lines.totalCents()),
    unknownCount: lines.all().filter((line) => line.monthlyCost === 'unknown').length,
    free: [...free.values()],
    assumptions: usedAssumptions(used, resolvedUsage),
  };
}

function withCondition(charge: Charge, { condition }: ResourceView): Charge {
  if (condition === undefined) return charge;
  const note = `only where the template's condition ${condition} holds`;
  return { ...charge, note: charge.note === undefined ? note : `${charge.note}; ${note}` };
}

function assumptionsOf({ assumption, unit }: Charge): readonly UsageAssumptionName[] {
  const hours: readonly UsageAssumptionName[] = unit.endsWith('hour') ? ['hoursPerMonth'] : [];
  return assumption === undefined ? hours : [...hours, assumption];
}

function usedAssumptions(used: ReadonlySet<string>, usage: UsageAssumptions): UsedAssumption[] {
  const names = Object.keys(USAGE_ASSUMPTIONS) as UsageAssumptionName[];
  return names
    .filter((name) => used.has(name))
    .map((name) => {
      const { unit, description, default: standard } = USAGE_ASSUMPTIONS[name];
      return { name, value: usage[name], unit, description, isDefault: usage[name] === standard };
    });
}

function regionProblems(region: string): readonly Problem[] {
  if (isRegionName(region)) return [];
  const code: PricingErrorCode = 'PRICING_REGION_INVALID';
  return [{ code, path: ['region'], message: `region must be a region name such as us-east-1, got '${region}'` }];
}

function templateProblems({ name, template }: NamedTemplate, index: number): readonly Problem[] {
  const code: PricingErrorCode = 'PRICING_TEMPLATE_INVALID';
  const path = ['templates', index, 'template', 'Resources'];
  const resources = asRecord(asRecord(template)?.Resources);
  if (resources === undefined) {
    const message = `template '${name}' has no Resources: pass the template as data, as JSON.parse gives it`;
    return [{ code, path, message }];
  }
  return Object.entries(resources).flatMap(([logicalId, value]) =>
    resourceView(logicalId, value) === undefined
      ? [{ code, path: [...path, logicalId], message: `resource '${logicalId}' of template '${name}' has no Type` }]
      : [],
  );
}
