import type { ArchitectureMaster, ArchitectureModel } from '../architecture-model.js';
import { costText } from './draw-frame.js';
import { portOf } from './draw-master.js';

/** The whole picture in sentences, for those who do not see it; it names every value, also those cut in the picture. */
export function describeArchitecture(model: ArchitectureModel): string {
  const { network } = model;
  const zones = network.zones.map(
    (zone) =>
      `${zone.name} with public subnet ${zone.publicCidr}${zone.hasNatGateway ? ' and a NAT gateway' : ''} and private subnet ${zone.privateCidr}`,
  );
  const cost =
    model.monthlyCostUsd === undefined
      ? []
      : [`${costText(model.monthlyCostUsd)}${model.costNote === undefined ? '' : ` (${model.costNote})`}.`];
  return [
    `Region ${model.region}, VPC ${network.cidr} over ${network.zones.length} availability zones: ${zones.join('; ')}.`,
    network.s3Endpoint ? 'S3 is reached by a gateway endpoint.' : 'There is no S3 gateway endpoint.',
    ...model.masters.map(describeMaster),
    'Logs go to CloudWatch Logs; operators reach the controllers by Session Manager.',
    ...cost,
  ].join(' ');
}

function describeMaster(master: ArchitectureMaster): string {
  const who = master.allowedCidrs.length === 0 ? 'nobody' : master.allowedCidrs.join(', ');
  const name =
    master.domainName === undefined ? '' : `, its name ${master.domainName} in Route 53 with a certificate of ACM`;
  const notify = master.notify === undefined ? 'that notify nobody' : `that notify ${master.notify} by SNS`;
  return [
    `Master ${master.name}: ${master.url}, ${master.scheme} load balancer on ${portOf(master)} for ${who}${name};`,
    `it forwards to HTTP 8080 of an Auto Scaling group of exactly one ${master.instanceType} with Jenkins ${master.jenkinsVersion} over all zones;`,
    `home on EFS with ${master.homeThroughput} throughput and a mount target in every zone, by NFS over TLS on 2049;`,
    `${master.alarmCount} CloudWatch alarms ${notify}.`,
  ].join(' ');
}
