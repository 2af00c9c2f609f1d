import type { Unknown } from '../cost-estimate.js';
import { type Charge, type PricingContext, priceKey, times } from '../internal/charge.js';
import { asRecord, asRecords, type Properties } from '../internal/template-view.js';
import { publicAddressCharge } from './public-address.js';
import { blockDeviceCharges } from './volume.js';

/** What `count` running instances cost that are launched with the properties of `launch`. */
export function launchedInstanceCharges(
  context: PricingContext,
  launch: Properties,
  subnets: unknown,
  count: number | Unknown,
): Charge[] {
  const { resolver } = context;
  const charges = [
    instanceCharge(context, launch, count),
    ...blockDeviceCharges(context, launch.BlockDeviceMappings, count),
  ];
  const isPublic = hasPublicAddress(context, launch, subnets);
  if (isPublic !== false) charges.push(publicAddressCharge(context, isPublic === true ? count : 'unknown'));
  const monitoring = asRecord(launch.Monitoring)?.Enabled ?? launch.Monitoring;
  if (monitoring !== undefined && resolver.flag(monitoring) !== false) {
    const note = 'detailed monitoring is charged by metric, and how many metrics an instance sends is not known';
    const price = priceKey('cloudwatch', 'metric', 'custom-first-10000');
    charges.push({ what: 'detailed monitoring', price, quantity: 'unknown', unit: 'metric-month', note });
  }
  return count === 0 ? [] : charges;
}

function instanceCharge({ resolver, usage }: PricingContext, launch: Properties, count: number | Unknown): Charge {
  const type = resolver.text(launch.InstanceType);
  const hours = { quantity: times(count, usage.hoursPerMonth), unit: 'hour' };
  if (type === undefined) {
    const note = 'the instance type is not known before deployment';
    return { what: 'instance of a type not yet known', price: 'unknown', ...hours, note };
  }
  if (launch.InstanceMarketOptions !== undefined) {
    return { what: `instance ${type}, spot`, price: 'unknown', ...hours, note: 'a spot price changes by the hour' };
  }
  return { what: `instance ${type}`, price: priceKey('ec2', 'instance', type), ...hours, note: 'Linux, on demand' };
}

/** The network interface decides; without its word, the subnets do, as far as they are in one of the templates. */
function hasPublicAddress({ resolver }: PricingContext, launch: Properties, subnets: unknown): boolean | undefined {
  const interfaces = asRecords(launch.NetworkInterfaces);
  const wishes = interfaces.map((item) => item.AssociatePublicIpAddress).filter((wish) => wish !== undefined);
  if (wishes.length > 0) {
    const answers = wishes.map((wish) => resolver.flag(wish));
    return answers.includes(undefined) ? undefined : answers.includes(true);
  }
  const all = [...(Array.isArray(subnets) ? subnets : [subnets]), ...interfaces.map((item) => item.SubnetId)];
  return all.some((subnet) => resolver.flag(resolver.resource(subnet)?.properties.MapPublicIpOnLaunch) === true);
}
