import type { PricingContext } from '../internal/charge.js';
import { asRecord, type Properties } from '../internal/template-view.js';

/** The data of the launch template that a specification names, where it is in the same template. */
export function launchTemplateData({ resolver }: PricingContext, specification: unknown): Properties {
  const found = resolver.resource(asRecord(specification)?.LaunchTemplateId);
  return asRecord(found?.properties.LaunchTemplateData) ?? {};
}
