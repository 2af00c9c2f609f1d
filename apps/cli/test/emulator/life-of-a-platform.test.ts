import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { holdLock } from '@jenkins-aws/deployment/artifacts';
import { emulatorEnvironment } from '@jenkins-aws/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startTestEmulator,
  type TestEmulator,
} from '../../../../packages/emulator/test/support/start-test-emulator.js';
import { until } from '../../../../packages/emulator/test/support/until.js';
import type { PlatformStatus } from '../../src/aws/platform-status.js';
import { failureOf } from '../support/rehearsal.js';
import { type CliRun, type RunCliOptions, runCli, type TemporaryFolder, temporaryFolder } from '../support/run-cli.js';

const config = (changes: { cpuPercent?: number; masters?: string } = {}) => `
name: ci
region: eu-central-1
network: { availabilityZones: ${zoneCount} }
masters:
  main:
    alarms: { cpuPercent: ${changes.cpuPercent ?? 90} }
    access:
      scheme: internet-facing
      allowedCidrs: [203.0.113.0/24]
      domainName: ci.example.com
      hostedZone: { id: Z0123456789ABCDEFGHIJ, name: example.com }
${changes.masters ?? ''}`;

const SECOND =
  '  second: { access: { allowedCidrs: [10.0.0.0/16], plainHttp: { reason: a second one for the test } } }';

let zoneCount = 2;
let emulator: TestEmulator;
let folder: TemporaryFolder;
let env: Record<string, string>;

beforeAll(async () => {
  emulator = await startTestEmulator();
  env = emulatorEnvironment(emulator, 'eu-central-1');
  folder = await temporaryFolder();
});
afterAll(async () => {
  await emulator?.stop();
  await folder?.[Symbol.asyncDispose]();
});

async function cli(command: string, text: string, ...args: string[]): Promise<CliRun> {
  const path = await folder.put('jenkins-aws.config.yaml', text);
  return runCli([command, '--json', '-c', path, ...args], { env });
}

async function deploy(
  text: string,
  ...args: string[]
): Promise<{ run: CliRun; outcomes: string[]; changedResources: string[] }> {
  const run = await cli('deploy', text, '--yes', ...args);
  expect([run.code, run.stderr, run.events.filter(({ level }) => level === 'error')]).toEqual([0, '', []]);
  const outcomes = (run.events.at(-1)?.data.outcomes ?? []) as { outcome: string }[];
  const changed = run.events
    .filter(({ code, data }) => code === 'deployment.resource.changed' && /_COMPLETE$/.test(String(data.status)))
    .map(({ data }) => `${data.type} ${data.logicalId}`);
  return { run, outcomes: outcomes.map(({ outcome }) => outcome), changedResources: [...new Set(changed)] };
}

async function status(): Promise<PlatformStatus> {
  const { events } = await cli('status', config());
  return events.at(-1)?.data as unknown as PlatformStatus;
}

/** Each home with its access point, of two masters. */
const HOMES = [
  ...['AWS::EFS::AccessPoint', 'AWS::EFS::AccessPoint'],
  ...['AWS::EFS::FileSystem', 'AWS::EFS::FileSystem'],
];
const typesLeft = (event: CliRun['events'][number] | undefined) =>
  ((event?.data.leftovers ?? []) as { type: string }[]).map(({ type }) => type);

describe('the life of a platform', () => {
  it('begins with a deploy that ends when the controller is healthy', async () => {
    const { run, outcomes } = await deploy(config());
    expect(outcomes).toEqual(['created', 'created', 'created', 'created']);
    expect(run.events.at(-1)).toMatchObject({
      code: 'cli.deploy.finished',
      data: {
        changed: true,
        status: {
          availabilityZones: ['eu-central-1a', 'eu-central-1b'],
          masters: [
            {
              url: 'https://ci.example.com/',
              controller: {
                health: 'healthy',
                instances: [{ lifecycleState: 'InService', targetHealth: 'healthy' }],
                home: { state: 'available', mountTargetCount: 2 },
                alarms: [{}, {}, {}, {}],
              },
            },
          ],
        },
      },
    });
  });

  it('has nothing to do when deployed again', async () => {
    const { run, outcomes } = await deploy(config());
    expect(outcomes).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
    expect(run.events.at(-1)?.message).toBe('no changes');
  });

  it('changes one alarm and nothing else when the config changes one alarm', async () => {
    const { outcomes, changedResources } = await deploy(config({ cpuPercent: 80 }));
    expect(outcomes).toEqual(['unchanged', 'unchanged', 'unchanged', 'updated']);
    expect(changedResources).toEqual([expect.stringMatching(/^AWS::CloudWatch::Alarm \S+cpu/)]);
  });

  it('gets another zone, which all stacks take up in one deploy', async () => {
    zoneCount = 3;
    const three = config({ cpuPercent: 80 });
    expect((await deploy(three)).outcomes).toEqual(['unchanged', 'updated', 'updated', 'updated']);
    const now = await status();
    expect(now.availabilityZones).toHaveLength(3);
    expect(now.masters[0]?.controller).toMatchObject({ health: 'healthy', home: { mountTargetCount: 3 } });
    expect((await deploy(three)).outcomes).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
  });

  it('heals when the controller’s instance is terminated: gone, replaced, healthy', async () => {
    const before = await status();
    const instanceId = before.masters[0]?.controller?.instances[0]?.instanceId ?? '';
    await new EC2Client(emulator.client).send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    const isReplaced = ({ masters }: PlatformStatus) =>
      masters[0]?.controller?.health === 'healthy' && masters[0].controller.instances[0]?.instanceId !== instanceId;
    const after = await until(status, isReplaced, 60_000);
    const [replacement, ...others] = after.masters[0]?.controller?.instances ?? [];
    expect(others).toEqual([]);
    expect(replacement?.instanceId).not.toBe(instanceId);
    expect(after.masters[0]?.controller?.home).toEqual(before.masters[0]?.controller?.home);
  });

  it('leaves the first master and the network alone when a second one comes', async () => {
    const before = (await status()).masters[0]?.controller?.instances;
    const { outcomes } = await deploy(config({ cpuPercent: 80, masters: SECOND }));
    expect(outcomes).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged', 'created', 'created']);
    expect((await status()).masters[0]?.controller?.instances).toEqual(before);
  });

  it('fails to remove a master that is gone from the config when nobody is asked and nobody named it', async () => {
    const first = SECOND.replace('second', 'secnd');
    for (const [masters, named, going] of [
      ['', [], 'second'],
      ['', ['--remove-master', 'other'], 'second'],
      [first, [], 'second'],
    ] as const) {
      const { code, events } = await cli('deploy', config({ cpuPercent: 80, masters }), '--yes', ...named);
      expect([code, events.at(-1)?.code]).toEqual([2, 'CLI_REMOVAL_NOT_NAMED']);
      expect(events.at(-1)?.message).toContain(`does not name ${going} any more`);
      expect(events.at(-1)?.data.hint).toMatch(/deploy .*--yes --remove-master second$/);
    }
    const same = config({ cpuPercent: 80, masters: SECOND });
    expect(new Set((await deploy(same)).outcomes)).toEqual(new Set(['unchanged']));
  });

  it('removes the stacks of a master that the config does not have any more, and its home stays', async () => {
    const { run, outcomes } = await deploy(config({ cpuPercent: 80 }), '--remove-master', 'second');
    expect(outcomes).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
    expect(run.events.at(-1)).toMatchObject({
      data: {
        changed: true,
        removed: ['jenkins-ci-second-controller', 'jenkins-ci-second-data'],
        status: { orphans: [] },
      },
    });
    const left = await cli('leftovers', config());
    expect([left.code, left.events.at(-1)?.data.leftovers]).toEqual([
      0,
      [
        expect.objectContaining({ type: 'AWS::EFS::AccessPoint', master: 'second', holdsData: true }),
        expect.objectContaining({ type: 'AWS::EFS::FileSystem', master: 'second', holdsData: true, monthlyCost: 0 }),
      ],
    ]);
  });

  it('refuses to take a zone or the VPC away from what uses it, and changes nothing', async () => {
    for (const network of ['{ availabilityZones: 2 }', '{ availabilityZones: 3, cidr: 10.9.0.0/16 }']) {
      const text = config({ cpuPercent: 80 }).replace('{ availabilityZones: 3 }', network);
      const { code, events } = await cli('deploy', text, '--yes');
      expect([code, events.at(-1)?.code]).toEqual([1, 'DEPLOYMENT_REPLACEMENT_REFUSED']);
    }
    expect((await deploy(config({ cpuPercent: 80 }))).outcomes).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
  });

  it.each([
    [[], 'CLI_CONFIRMATION_NEEDED'],
    [['--delete-data', 'ci'], 'CLI_CONFIRMATION_NEEDED'],
    [['--yes', '--delete-data', 'main'], 'CLI_USAGE'],
  ])('fails to destroy with %j: nobody can be asked, or the name is wrong', async (args, expected) => {
    const { code, events } = await cli('destroy', config(), ...args);
    expect([code, events.at(-1)?.code]).toEqual([2, expected]);
  });

  it('ends with a destroy of every stack that leaves the homes, says so, and leaves nothing else', async () => {
    const { code, events } = await cli('destroy', config(), '--yes');
    expect(code).toBe(0);
    expect(events.filter((event) => event.code === 'deployment.protection.changed')).toHaveLength(3);
    expect(events.at(-1)?.data.deleted).toHaveLength(4);
    expect(typesLeft(events.at(-1))).toEqual([...HOMES, 'AWS::S3::Bucket']);
    expect(events.at(-1)?.data.unchecked).toEqual([]);
    expect((await status()).stacks.map((stack) => stack.status)).toEqual(['missing', 'missing', 'missing', 'missing']);
    // What CloudFormation says is gone is looked for behind its back, in the services themselves.
    const ec2 = new EC2Client(emulator.client);
    const tagged = [{ Name: 'tag:jenkins-aws:platform', Values: ['ci'] }];
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters: tagged }));
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: tagged }));
    const live = [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }];
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters: [...tagged, ...live] }));
    const { LaunchTemplates } = await ec2.send(new DescribeLaunchTemplatesCommand({ Filters: tagged }));
    const { Volumes } = await ec2.send(new DescribeVolumesCommand({}));
    const { AutoScalingGroups } = await new AutoScalingClient(emulator.client).send(
      new DescribeAutoScalingGroupsCommand({}),
    );
    const balancing = new ElasticLoadBalancingV2Client(emulator.client);
    const { LoadBalancers } = await balancing.send(new DescribeLoadBalancersCommand({}));
    const { TargetGroups } = await balancing.send(new DescribeTargetGroupsCommand({}));
    const { MetricAlarms } = await new CloudWatchClient(emulator.client).send(new DescribeAlarmsCommand({}));
    const { Addresses, NatGateways } = {
      ...(await ec2.send(new DescribeAddressesCommand({}))),
      ...(await ec2.send(new DescribeNatGatewaysCommand({}))),
    };
    for (const left of [
      Vpcs,
      SecurityGroups,
      Reservations,
      LaunchTemplates,
      Volumes,
      AutoScalingGroups,
      LoadBalancers,
      TargetGroups,
      MetricAlarms,
      Addresses,
      NatGateways,
    ]) {
      expect(left).toEqual([]);
    }
  });
});

/** Presses Ctrl-C so many times as soon as the process says this. */
function press(times: number, when: RegExp): RunCliOptions['watch'] {
  let left = times;
  return (said, kill) => {
    if (!when.test(said)) return;
    // One signal at a time: two that wait are one.
    if (left === times || (left > 0 && /stopping after the running step/.test(said))) {
      left -= 1;
      kill('SIGINT');
    }
  };
}

describe('a deploy that is interrupted', () => {
  it('leaves now at the second time; at the first it ends the running step and says how to go on', async () => {
    const path = await folder.put('stopped.config.yaml', config().replace('name: ci', 'name: stopped'));
    const deployAgain = (watch?: RunCliOptions['watch']) =>
      runCli(['deploy', '--yes', '-c', path], { env, ...(watch && { watch }) });
    const left = await deployAgain(press(2, /stopped-network: creating/));
    expect(left.code).toBe(130);
    expect(left.stderr).toMatch(/left while AWS goes on\. To follow it and go on: jenkins-aws deploy --yes -c/);

    const stopped = await deployAgain(press(1, /stopped-main-data: creating/));
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(/stopping after the running step/);
    expect(stopped.stderr).toMatch(/stopped-main-data: created/);
    expect(stopped.stderr).toMatch(
      /DEPLOYMENT_ABORTED[\s\S]*to go on: jenkins-aws deploy --yes -c \S+stopped.config.yaml/,
    );

    const late = await deployAgain(press(1, /stopped-main-controller: creating/));
    expect([late.code, late.stderr]).toEqual([
      1,
      expect.stringMatching(/CLI_INTERRUPTED every stack of stopped is as/),
    ]);
    expect(failureOf(await deployAgain())).toBeUndefined();
    const destroyed = await runCli(['destroy', '--yes', '--delete-data', 'stopped', '--json', '-c', path], { env });
    expect([destroyed.code, typesLeft(destroyed.events.at(-1))]).toEqual([0, []]);
    const { data: said } = destroyed.events.find((event) => event.code === 'cli.destroy.planned') ?? {};
    expect(said).toMatchObject({
      logGroups: ['/jenkins-aws/stopped/main'],
      data: [
        { type: 'AWS::EFS::FileSystem', id: expect.stringMatching(/^fs-/), monthlyCost: 0 },
        { type: 'AWS::S3::Bucket' },
      ],
    });
    const ids = ((said?.data ?? []) as { id: string }[]).map(({ id }) => id);
    expect(destroyed.events.at(-1)?.data.deletedData).toEqual({ homes: [ids[0]], buckets: [ids[1]] });
    // The home goes under the lock, the bucket in which the lock lies when it is given back.
    const order = destroyed.events.flatMap((event) =>
      /^(deployment\.lock|operations\.)/.test(event.code) ? event.code : [],
    );
    expect(order).toEqual([
      'deployment.lock.taken',
      'operations.home.deleted',
      'deployment.lock.released',
      'operations.bucket.deleted',
    ]);
  });
});

describe('a platform that somebody else works on', () => {
  it('fails for the second, who is told who holds what since when', async () => {
    const path = await folder.put('locked.config.yaml', config().replace('name: ci', 'name: locked'));
    const run = (verb: string) => runCli([verb, '--yes', '--json', '-c', path], { env });
    expect((await run('deploy')).code).toBe(0);
    const s3 = new S3Client(emulator.client);
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const bucketName = Buckets.find(({ Name }) => Name?.startsWith('jenkins-locked-'))?.Name ?? '';
    const since = '2026-11-24T03:00:00.000Z';
    const holder = { identity: 'somebody', host: 'elsewhere', processId: 1, since, what: 'deploy locked' };
    await folder.put('locked.config.yaml', config({ cpuPercent: 70 }).replace('name: ci', 'name: locked'));
    const lock = await holdLock({ s3, bucketName, holder, now: Date.now });
    try {
      for (const verb of ['deploy', 'destroy']) {
        const { code, events } = await run(verb);
        expect([code, events.at(-1)?.code]).toEqual([1, 'DEPLOYMENT_LOCKED']);
        expect(events.at(-1)?.message).toContain(
          `somebody on elsewhere (process 1), since ${since}, doing: deploy locked`,
        );
      }
    } finally {
      await lock.release();
    }
    expect((await run('destroy')).code).toBe(0);
  });
});

describe('a deploy that is killed', () => {
  it('is finished by the next one', async () => {
    const text = config().replace('name: ci', 'name: killed');
    const path = await folder.put('killed.config.yaml', text);
    const watch: RunCliOptions['watch'] = (said, kill) => {
      if (/killed-main-controller: creating/.test(said)) kill('SIGKILL');
    };
    const killed = await runCli(['deploy', '--yes', '-c', path], { env, watch });
    expect(killed.code).toBeNull();
    const finish = () => runCli(['deploy', '--yes', '--json', '-c', path], { env });
    const busy = ({ events }: CliRun) => /BUSY/.test(JSON.stringify(events.at(-1)));
    const last = await until(finish, (run) => !busy(run), 60_000);
    expect([last.code, last.events.at(-1)?.code]).toEqual([0, 'cli.deploy.finished']);
    const destroyed = await runCli(['destroy', '--yes', '--json', '-c', path], { env });
    expect([destroyed.code, destroyed.events.at(-1)?.data.deleted]).toEqual([
      0,
      expect.arrayContaining([expect.any(String)]),
    ]);
  });
});

describe('what is refused', () => {
  it('fails to deploy when nobody can be asked, names the homes that are left, and does nothing', async () => {
    const { code, events } = await cli('deploy', config());
    expect([code, events.at(-1)?.code]).toEqual([2, 'CLI_CONFIRMATION_NEEDED']);
    expect(events.filter((event) => event.code === 'cli.home.former').map(({ data }) => data.master)).toEqual(['main']);
    expect((await status()).stacks.map((stack) => stack.status)).toEqual(['missing', 'missing', 'missing', 'missing']);
  });

  it('fails with one message when the AWS goes away', async () => {
    const path = await folder.put('jenkins-aws.config.yaml', config());
    const gone = { ...env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    const { code, stdout, stderr } = await runCli(['status', '-c', path], { env: gone });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^DEPLOYMENT_ENDPOINT_UNREACHABLE .*\n/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
