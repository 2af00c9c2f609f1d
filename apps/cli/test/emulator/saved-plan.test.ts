import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { emulatorEnvironment } from '@jenkins-aws/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configText, failureOf, type Rehearsal, startRehearsal } from '../support/rehearsal.js';
import { type CliRun, runCli, type TemporaryFolder, temporaryFolder } from '../support/run-cli.js';

let aws: Rehearsal;
let folder: TemporaryFolder;
let file: string;

beforeAll(async () => {
  aws = await startRehearsal();
  folder = await temporaryFolder();
  file = join(folder.path, 'plan.json');
});
afterAll(async () => {
  await aws?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

const plan = (config: string) => aws.run(['plan', config, '--save', file]);
const deploy = (config: string) => aws.run(['deploy', config, '--plan', file, '--yes']);
/** What the command ended with. */
const resultOf = <Result>({ events }: CliRun) => (events.at(-1)?.data ?? {}) as Result;
const outcomes = (run: CliRun) =>
  resultOf<{ outcomes: { outcome: string }[] }>(run).outcomes.map(({ outcome }) => outcome);

describe('a saved plan', () => {
  it('of a new platform is executed as it was reviewed', async () => {
    const saved = await plan(configText());
    expect(failureOf(saved)).toBeUndefined();
    expect(saved.events.at(-1)?.data).toMatchObject({ basis: 'account', files: [file] });
    const run = await deploy(configText());
    expect(failureOf(run)).toBeUndefined();
    expect(outcomes(run)).toEqual(['created', 'created', 'created', 'created']);
  });

  it('of a change executes the very change set that it made', async () => {
    const saved = await plan(configText({ cpuPercent: 80 }));
    const { changes } = resultOf<{ changes: { stacks: { changeSetId?: string; changes: object[] }[] } }>(saved);
    expect(changes.stacks.at(-1)).toMatchObject({
      changeSetId: expect.stringContaining('changeSet/'),
      changes: [expect.objectContaining({ type: 'AWS::CloudWatch::Alarm', effect: 'updated-in-place' })],
    });
    const run = await deploy(configText({ cpuPercent: 80 }));
    expect(failureOf(run)).toBeUndefined();
    expect(outcomes(run)).toEqual(['unchanged', 'unchanged', 'unchanged', 'updated']);
    expect(run.events.map(({ code }) => code)).not.toContain('deployment.review.started');
  });

  it('fails with every difference when the config moved, when the account did, and when the file was edited', async () => {
    await plan(configText({ cpuPercent: 70 }));
    const other = await deploy(configText({ cpuPercent: 60 }));
    expect([other.code, other.events.at(-1)?.code]).toEqual([1, 'DEPLOYMENT_PLAN_MOVED']);
    expect(other.events.at(-1)?.message).toMatch(/jenkins-ci-main-controller' has another template: .*cpu/);

    expect(failureOf(await aws.run(['deploy', configText({ cpuPercent: 75 }), '--yes']))).toBeUndefined();
    const late = await deploy(configText({ cpuPercent: 70 }));
    expect([late.code, late.events.at(-1)?.code]).toEqual([1, 'DEPLOYMENT_PLAN_MOVED']);

    await writeFile(file, (await readFile(file, 'utf8')).replace('eu-central-1', 'eu-west-1'));
    const edited = await deploy(configText({ cpuPercent: 70 }));
    expect([edited.code, edited.events.at(-1)?.code]).toEqual([2, 'DEPLOYMENT_PLAN_INVALID']);
  });
});

describe('drift', () => {
  it('fails where the platform is not', async () => {
    const nowhere = await aws.run(['drift', configText().replace('"ci"', '"elsewhere"')]);
    expect([nowhere.code, nowhere.events.at(-1)?.code]).toEqual([1, 'CLI_NOT_DEPLOYED']);
  });

  it('is none after a deploy, and every resource was looked at', async () => {
    const run = await aws.run(['drift', configText({ cpuPercent: 75 })]);
    expect(failureOf(run)).toBeUndefined();
    const { drifted, stacks } = resultOf<{
      drifted: boolean;
      stacks: { resources: { type: string; status: string }[] }[];
    }>(run);
    expect(drifted).toBe(false);
    const resources = stacks.flatMap((stack) => stack.resources);
    expect(resources.length).toBeGreaterThan(40);
    expect(new Set(resources.map(({ status }) => status))).toEqual(new Set(['in-sync']));
  });

  it('ends with 1 for a rule that somebody opened by hand, and names it', async () => {
    const ec2 = new EC2Client(aws.emulator.client);
    const { SecurityGroups = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'tag:jenkins-aws:master', Values: ['main'] }] }),
    );
    const GroupId = SecurityGroups.find(({ Description }) => Description === 'Jenkins controller')?.GroupId;
    const open = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [open] }));
    const run = await aws.run(['drift', configText({ cpuPercent: 75 })]);
    expect([run.code, run.events.at(-1)?.data.byHand]).toMatchObject([
      1,
      {
        changes: [
          { change: 'rule-added', physicalId: GroupId, message: expect.stringMatching(/in tcp 22-22 0\.0\.0\.0\/0/) },
        ],
      },
    ]);
  });
});

describe('artifacts', () => {
  it('are listed with who deployed what, and pruned when no stack and no late deployment names them', async () => {
    const artifacts = async (...args: string[]) => {
      const path = await folder.put('jenkins-aws.config.json', configText());
      const env = emulatorEnvironment(aws.emulator, 'eu-central-1');
      return runCli(['artifacts', ...args, '--json', '-c', path], { env });
    };
    const list = await artifacts('list');
    expect(failureOf(list)).toBeUndefined();
    const { bucketName: Bucket, deployments } = resultOf<{
      bucketName: string;
      deployments: { identity: string; stacks: { name: string; outcome: string }[] }[];
    }>(list);
    expect(deployments).toHaveLength(3);
    expect(deployments[0]?.identity).toMatch(/^arn:/);
    expect(deployments[0]?.stacks.at(-1)).toMatchObject({ name: 'jenkins-ci-main-controller', outcome: 'updated' });

    const s3 = new S3Client(aws.emulator.client);
    const Key = `artifacts/sha256/${'0'.repeat(64)}.zip`;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const pruned = await artifacts('prune', '--keep', '1');
    expect(failureOf(pruned)).toBeUndefined();
    // Of the last day everything stays: a review uploads before a stack names it.
    expect(pruned.events.at(-1)?.data).toMatchObject({ deleted: [], kept: [{ key: Key }] });
  });
});

describe('a saved plan of a master that gets another name', () => {
  it('contains what goes and what stays, and is executed without naming it again', async () => {
    expect(failureOf(await aws.run(['deploy', configText({ masters: ['main', 'old'] }), '--yes']))).toBeUndefined();
    const renamed = configText({ masters: ['main', 'new'] });
    const saved = await plan(renamed);
    expect(failureOf(saved)).toBeUndefined();
    const { changes } = resultOf<{
      changes: { removals: { stack: { name: string }; retained: { type: string }[] }[] };
    }>(saved);
    expect(changes.removals.map(({ stack }) => stack.name)).toEqual([
      'jenkins-ci-old-controller',
      'jenkins-ci-old-data',
    ]);
    expect(changes.removals[1]?.retained.map(({ type }) => type)).toContain('AWS::EFS::FileSystem');
    const named = await aws.run(['deploy', renamed, '--plan', file, '--yes', '--remove-master', 'old']);
    expect([named.code, named.events.at(-1)?.code]).toEqual([2, 'CLI_USAGE']);
    const run = await deploy(renamed);
    expect(failureOf(run)).toBeUndefined();
    expect(resultOf<{ removed: string[] }>(run).removed).toEqual(['jenkins-ci-old-controller', 'jenkins-ci-old-data']);
  });
});
