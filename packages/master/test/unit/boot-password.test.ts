import { describe, expect, it } from 'vitest';
import { cloudwatchConfiguration, LOGGING, OVERRIDE } from '../../src/boot/boot-files.js';

const PASSWORD = 'c9c29f1dfa2a47849b7272dd82d855a3';
const STARS = '*'.repeat(61);
/** What Jenkins writes, with its own formatter, at its first start with the setup wizard on. */
const BANNER = [
  '2026-03-10 02:27:45.600+0000 [id=28]\tINFO\tjenkins.InitReactorRunner$1#onAttained: Configuration for all jobs updated',
  '2026-03-10 02:27:45.671+0000 [id=28]\tINFO\tjenkins.install.SetupWizard#init: ',
  '',
  STARS,
  STARS,
  STARS,
  '',
  'Jenkins initial setup is required. An admin user has been created and a password generated.',
  'Please use the following password to proceed to installation:',
  '',
  PASSWORD,
  '',
  'This may also be found at: /var/lib/jenkins/secrets/initialAdminPassword',
  '',
  STARS,
  STARS,
  STARS,
  '',
  '2026-03-10 02:28:10.228+0000 [id=22]\tINFO\thudson.lifecycle.Lifecycle#onReady: Jenkins is fully up and running',
];

interface CollectedFile {
  file_path: string;
  multi_line_start_pattern?: string;
  filters?: { type: string; expression: string }[];
}
const configuration = cloudwatchConfiguration() as {
  logs: { logs_collected: { files: { collect_list: CollectedFile[] } } };
};
const collected = configuration.logs.logs_collected.files.collect_list;

/**
 * The events that the CloudWatch agent ships: lines join the event before them until one matches the start pattern or
 * the agent, after some seconds of silence, ships what it has; an event that a filter excludes is dropped whole.
 */
function shipped(lines: readonly string[], pauseAfter: number): string[] {
  const file = collected.find(({ file_path }) => file_path === '/var/log/jenkins/jenkins.log');
  const start = new RegExp(file?.multi_line_start_pattern ?? '^\\S');
  const events: string[] = [];
  let event = '';
  const ship = () => {
    const excluded = file?.filters?.some(
      ({ type, expression }) => type === 'exclude' && new RegExp(expression).test(event),
    );
    if (event !== '' && !excluded) events.push(event);
    event = '';
  };
  lines.forEach((line, index) => {
    if (event !== '' && !start.test(line)) event += `\n${line}`;
    else {
      ship();
      event = line;
    }
    if (index === pauseAfter) ship();
  });
  ship();
  return events;
}

describe('the first administrator’s password', () => {
  it('is silenced where Jenkins would write it', () => {
    expect(LOGGING.split('\n')).toContain('jenkins.install.SetupWizard.level=WARNING');
    expect(OVERRIDE).toContain('-Djava.util.logging.config.file=/etc/jenkins-aws/logging.properties');
  });

  it('is not shipped from the banner, wherever the agent cuts it', () => {
    for (let pauseAfter = -1; pauseAfter < BANNER.length; pauseAfter++) {
      const events = shipped(BANNER, pauseAfter);
      expect(events.join('\n'), `pause after line ${pauseAfter}`).not.toContain(PASSWORD);
      expect(events.join('\n')).toContain('Jenkins is fully up and running');
    }
  });

  it('is not shipped when an older Jenkins or a person writes it with spaces around', () => {
    expect(shipped(['Please use the following password:', `  ${PASSWORD}\t`, '\r'], -1)).toEqual([]);
  });

  it('does not make other lines with hexadecimal digits vanish', () => {
    const lines = [
      `2026-03-10 02:27:45.671+0000 INFO x: Checking out Revision ${PASSWORD}deadbeef`,
      `2026-03-10 02:27:45.672+0000 INFO x: fingerprint ${PASSWORD} of a.jar`,
    ];
    expect(shipped(lines, -1)).toEqual(lines);
  });

  it('stands in no other file that is shipped', () => {
    expect(collected.map(({ file_path }) => file_path)).toEqual([
      '/var/log/jenkins/jenkins.log',
      '/var/log/jenkins-aws/boot.log',
      '/var/log/cloud-init-output.log',
      '/var/log/amazon/efs/mount.log',
    ]);
  });
});
