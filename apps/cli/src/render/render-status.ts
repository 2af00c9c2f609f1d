import type { MasterStatus, PlatformStatus } from '../aws/platform-status.js';
import { programName } from '../terminal/program-name.js';

function renderMaster({ name, url, controller, logGroupName, alarmTopicArn, stackStatus }: MasterStatus): string {
  if (controller === undefined) return `Master ${name}: ${stackStatus === 'missing' ? 'not deployed' : stackStatus}`;
  const { instances, home, alarms, health } = controller;
  const instanceLines = instances.map(
    ({ instanceId, instanceType, availabilityZone, launchedAt, lifecycleState, targetHealth }) =>
      `${instanceId}  ${instanceType ?? 'unknown type'}  ${availabilityZone}  ${lifecycleState}, ${targetHealth}, since ${launchedAt ?? 'unknown'}`,
  );
  const size = home.sizeBytes === undefined ? 'size unknown' : `${(home.sizeBytes / 2 ** 30).toFixed(2)} GiB`;
  const ringing = alarms.filter(({ state }) => state === 'ALARM');
  const rows: [string, string][] = [
    ['URL', url ?? 'unknown'],
    [
      'controller',
      instanceLines.length === 0 ? 'none: the Auto Scaling group is about to start one' : instanceLines.join('; '),
    ],
    ['home', `${home.fileSystemId}  ${home.state}  ${home.mountTargetCount} mount targets  ${size}`],
    [
      'alarms',
      `${alarms.length}, ${ringing.length === 0 ? 'none ringing' : `RINGING: ${ringing.map((alarm) => alarm.name).join(', ')}`}`,
    ],
    ...alarms.map(({ name: alarm, state }): [string, string] => ['', `${state.padEnd(18)} ${alarm}`]),
    ['alarms go to', alarmTopicArn ?? 'unknown'],
    ['logs', logGroupName ?? 'unknown'],
  ];
  return [`Master ${name}: ${health}`, ...rows.map(([key, value]) => `  ${key.padEnd(13)} ${value}`)].join('\n');
}

const renderStack = ({ name, status }: { name: string; status: string }) => `  ${status.padEnd(18)} ${name}`;

/** Stacks that the config lost, and how to be rid of them. */
function renderOrphans(orphans: PlatformStatus['orphans']): string {
  return [
    'Stacks that the config does not name; they go on running and costing, beside what is priced here',
    ...orphans.map(renderStack),
    `Those of masters that left the config are removed by ${programName()} deploy, which shows them and asks; a home stays.`,
  ].join('\n');
}

/** What runs now. */
export function renderStatus({
  platform,
  region,
  availabilityZones,
  stacks,
  masters,
  orphans,
}: PlatformStatus): string {
  const zones = availabilityZones.length === 0 ? '' : `, zones ${availabilityZones.join(', ')}`;
  return [
    `Platform ${platform} in ${region}${zones}`,
    ...masters.map(renderMaster),
    ['Stacks', ...stacks.map(renderStack)].join('\n'),
    ...(orphans.length === 0 ? [] : [renderOrphans(orphans)]),
  ].join('\n\n');
}
