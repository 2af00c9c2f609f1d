import type { ResourcePricer } from '../internal/charge.js';
import { launchTemplateData } from './launch-template.js';
import { launchedInstanceCharges } from './launched-instances.js';

/** As many instances as the group wants: DesiredCapacity, else MinSize. */
export const priceAutoScalingGroup: ResourcePricer = ({ properties }, context) => {
  const count = context.resolver.number(properties.DesiredCapacity ?? properties.MinSize) ?? 'unknown';
  if (properties.MixedInstancesPolicy !== undefined && count !== 0) {
    const note = 'AWS chooses among the types of a mixed instances policy at run time';
    return {
      charges: [{ what: 'instances of mixed types', price: 'unknown', quantity: 'unknown', unit: 'hour', note }],
    };
  }
  const launch = launchTemplateData(context, properties.LaunchTemplate);
  return { charges: launchedInstanceCharges(context, launch, properties.VPCZoneIdentifier, count) };
};
