import { ALARM_TABLE, listenerOf } from '@jenkins-aws/master';
import { planSubnets } from '@jenkins-aws/network';
import type { CostEstimate } from '@jenkins-aws/pricing';
import type { ArchitectureMaster, ArchitectureModel } from '../diagram/architecture-model.js';
import { renderDiagram } from '../diagram/render-diagram.js';
import type { PlatformConfig } from '../options/platform-config.js';
import { zoneCount } from './zone-count.js';

function masterModel(name: string, options: PlatformConfig['masters'][string]): ArchitectureMaster {
  const { access, alarms, home } = options;
  const listener = listenerOf(access);
  return {
    name,
    url: access.domainName === undefined ? `${listener}://(load balancer)/` : `${listener}://${access.domainName}/`,
    scheme: access.scheme,
    listener,
    allowedCidrs: access.allowedCidrs,
    instanceType: options.instanceType,
    jenkinsVersion: options.jenkinsVersion,
    homeThroughput: home.throughput,
    alarmCount: ALARM_TABLE.length,
    ...(access.hostedZone === undefined || access.domainName === undefined ? {} : { domainName: access.domainName }),
    ...(alarms.emails.length === 0 ? {} : { notify: alarms.emails.join(', ') }),
  };
}

/** The platform as an architecture picture (SVG), from the config alone. */
export function renderPlatformDiagram(config: PlatformConfig, cost: CostEstimate): string {
  const { cidr, availabilityZones, nat } = config.network;
  const zones = planSubnets({ cidr, zoneCount: zoneCount(config) }).zones.map((zone, index) => ({
    ...zone,
    name: typeof availabilityZones === 'number' ? `zone ${index + 1}` : (availabilityZones[index] ?? ''),
    hasNatGateway: nat === 'per-zone' || (nat === 'one' && index === 0),
  }));
  const unknown =
    cost.unknownCount > 0
      ? `, ${cost.unknownCount} ${cost.unknownCount === 1 ? 'line' : 'lines'} without a known price`
      : '';
  const model: ArchitectureModel = {
    platform: config.name,
    region: config.region,
    network: { cidr, zones, s3Endpoint: true },
    masters: Object.entries(config.masters).map(([name, options]) => masterModel(name, options)),
    monthlyCostUsd: cost.totalMonthly,
    costNote: `prices of ${cost.tableDate}${unknown}`,
  };
  return renderDiagram(model);
}
