import { join } from 'node:path';
import type { PermissionsPlan } from '@jenkins-aws/deployment/permissions';
import { clearCallRecord, emulatorEnvironment, getCallRecord, type RecordedCalls } from '@jenkins-aws/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareCalls } from '../../../../packages/deployment/test/support/compare-calls.js';
import { configText, type Rehearsal, startRehearsal } from '../support/rehearsal.js';
import { runCli, type TemporaryFolder, temporaryFolder } from '../support/run-cli.js';

/** Allowed to the deployer and not called in the life below, with the reason why it is needed all the same. */
const NOT_CALLED: Readonly<Record<string, string>> = {
  'acm:ListTagsForCertificate': 'leftovers: once for each certificate of the account, and here is none',
  'backup:ListTags': 'leftovers: once for each recovery point, and here is none',
  'cloudformation:BatchDescribeTypeConfigurations': 'AWS asks for it in turn when drift is detected',
  'cloudformation:ContinueUpdateRollback': 'deploy --continue-rollback, after a rollback that failed',
  'cloudformation:DescribeEvents': 'the reason of a change set or a creation that AWS refused',
  'cloudformation:DetectStackResourceDrift': 'AWS asks for it in turn when drift is detected',
  'cloudformation:ListChangeSets': 'a stack that a review left unfinished',
  'cloudformation:TagResource': 'AWS asks for it in turn when a change set has tags',
  'cloudformation:UntagResource': 'AWS asks for it in turn when a change set takes a tag away',
  'iam:PassRole': 'AWS asks for it in turn when CloudFormation is handed a role',
  's3:AbortMultipartUpload': 'an upload in parts that was given up',
  's3:ListBucketMultipartUploads': 'an upload in parts that goes on where an earlier run stopped',
  's3:ListMultipartUploadParts': 'an upload in parts that goes on where an earlier run stopped',
};

let rehearsal: Rehearsal;
let folder: TemporaryFolder;
let calls: readonly RecordedCalls[];
let permissions: PermissionsPlan;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  folder = await temporaryFolder();
  const { location } = rehearsal.emulator;
  await clearCallRecord(location);
  const run = async (...command: Parameters<Rehearsal['run']>[0]) => {
    const { code, stderr } = await rehearsal.run(command);
    expect([0, 1], `${command[0]} ended with ${code}: ${stderr}`).toContain(code);
  };
  await run('deploy', configText(), '--yes');
  await run('deploy', configText(), '--yes');
  await run('deploy', configText({ cpuPercent: 80, tags: { team: 'build' } }), '--yes');
  await run('deploy', configText({ masters: ['main', 'second'], instanceType: 'm7i.large' }), '--yes');
  const plan = join(folder.path, 'saved.plan.json');
  await run('plan', configText({ cpuPercent: 70 }), '--save', plan);
  await run('deploy', configText({ cpuPercent: 70 }), '--plan', plan, '--yes');
  for (const command of [['list'], ['prune', '--keep', '1', '--yes']]) {
    const config = await folder.put('artifacts.config.json', configText());
    const env = emulatorEnvironment(rehearsal.emulator, 'eu-central-1');
    const { code, stderr } = await runCli(['artifacts', ...command, '--json', '-c', config], { env });
    expect(code, stderr).toBe(0);
  }
  await run('status', configText());
  await run('drift', configText());
  await run('leftovers', configText());
  await run('deploy', configText(), '--yes');
  await run('destroy', configText(), '--yes');
  calls = await getCallRecord(location);

  const shown = async (...more: string[]) => {
    const { events } = await rehearsal.run(['permissions', configText(), ...more]);
    return events.at(-1)?.data ?? {};
  };
  permissions = {
    ...(await shown()),
    ...(await shown('--split', '--account-id', '111122223333')),
  } as unknown as PermissionsPlan;
});
afterAll(async () => {
  await rehearsal?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

const by = (...callers: RecordedCalls['by'][]) => calls.filter((call) => callers.includes(call.by));

describe('what a platform’s life called', () => {
  it('is allowed to the deployer, as far as the command line called it', () => {
    expect(by('caller').length).toBeGreaterThan(30);
    expect(compareCalls(permissions.deployer.documents, by('caller')).missing).toEqual([]);
  });

  it('is allowed to the service role, as far as CloudFormation called it', () => {
    expect(by('cloudformation').length).toBeGreaterThan(30);
    expect(compareCalls(permissions.serviceRole.documents, by('cloudformation')).missing).toEqual([]);
  });

  it('is allowed to a person without a service role, whoever called it', () => {
    expect(compareCalls(permissions.single.documents, by('caller', 'cloudformation')).missing).toEqual([]);
  });

  it('leaves little unused of what the deployer may do, and each of it has its reason here', () => {
    // CloudFormation reads as the caller when it looks for drift: the embedded AWS does not record that.
    const forDrift = permissions.deployer.reasons.filter(({ reason }) => /^drift: CloudFormation/.test(reason));
    const ofCloudFormation = new Set(forDrift.map(({ action }) => action));
    const compared = compareCalls(permissions.deployer.documents, by('caller'));
    const unused = compared.unused.filter((action) => !ofCloudFormation.has(action));
    expect(unused.filter((action) => NOT_CALLED[action] === undefined)).toEqual([]);
    expect(Object.keys(NOT_CALLED).filter((action) => !unused.includes(action))).toEqual([]);
  });

  it('has a reason and a limit for every action of the service role, called or not', () => {
    for (const { action, reason, scope } of permissions.serviceRole.reasons) {
      expect([action, reason === '', scope === '']).toEqual([action, false, false]);
    }
  });
});
