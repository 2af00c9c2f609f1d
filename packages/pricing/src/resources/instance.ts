import type { ResourcePricer } from '../internal/charge.js';
import { launchTemplateData } from './launch-template.js';
import { launchedInstanceCharges } from './launched-instances.js';

export const priceInstance: ResourcePricer = ({ properties }, context) => {
  // An instance's own properties win over those of its launch template.
  const launch = { ...launchTemplateData(context, properties.LaunchTemplate), ...properties };
  return { charges: launchedInstanceCharges(context, launch, properties.SubnetId, 1) };
};
