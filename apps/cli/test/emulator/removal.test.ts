import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { expect, it } from 'vitest';
import { configText, failureOf, startRehearsal } from '../support/rehearsal.js';

const CONFIG = configText({ masters: ['main', 'second'] });
const PROTECTED = ['jenkins-ci-artifacts', 'jenkins-ci-network', 'jenkins-ci-main-data', 'jenkins-ci-second-data'];

it('destroys what is protected against others, keeps the data, and leaves nothing beside it', async () => {
  await using rehearsal = await startRehearsal();
  const empty = await rehearsal.snapshot();
  expect(failureOf(await rehearsal.run(['deploy', CONFIG, '--yes']))).toBeUndefined();

  const cloudFormation = new CloudFormationClient(rehearsal.emulator.client);
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
  const guarded = Stacks.filter(({ EnableTerminationProtection }) => EnableTerminationProtection);
  expect(guarded.map(({ StackName }) => StackName).toSorted()).toEqual(PROTECTED.toSorted());
  for (const StackName of PROTECTED) {
    const deleting = cloudFormation.send(new DeleteStackCommand({ StackName }));
    await expect(deleting).rejects.toThrow(/TerminationProtection/);
  }

  const destroyed = await rehearsal.run(['destroy', CONFIG, '--yes']);
  expect(failureOf(destroyed)).toBeUndefined();
  const left = await rehearsal.snapshot();
  // What holds data, and where it can be reached: a home and its access point a master, and the artifacts.
  expect([left.fileSystems?.length, left.accessPoints?.length, left.buckets?.length]).toEqual([2, 2, 1]);
  expect({ ...left, fileSystems: [], accessPoints: [], buckets: [] }).toEqual(empty);
  const audit = await rehearsal.run(['leftovers', CONFIG]);
  expect([audit.code, audit.stderr]).toEqual([0, '']);

  // Deleting the data afterwards takes the platform's name.
  expect(failureOf(await rehearsal.run(['destroy', CONFIG, '--yes', '--delete-data', 'ci']))).toBeUndefined();
  expect(await rehearsal.snapshot()).toEqual(empty);
});
