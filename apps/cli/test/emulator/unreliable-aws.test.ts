import { clearFaults, getFaults, setFaults } from '@jenkins-aws/emulator';
import { beforeAll, expect, it } from 'vitest';
import type { Snapshot } from '../../../../packages/emulator/test/support/take-snapshot.js';
import { type Command, configText, failureOf, startRehearsal } from '../support/rehearsal.js';

const DEPLOY: Command = ['deploy', configText(), '--yes'];

let undisturbed: Snapshot;
beforeAll(async () => {
  await using rehearsal = await startRehearsal();
  expect(failureOf(await rehearsal.run(DEPLOY))).toBeUndefined();
  undisturbed = await rehearsal.snapshot();
});

it('converges while three of ten calls to every service are throttled or fail', async () => {
  await using rehearsal = await startRehearsal();
  const { location } = rehearsal.emulator;
  const every = { service: '*', operation: '*' };
  const rules = [
    { ...every, rate: 0.2, error: 'Throttling', seed: 1 },
    // Of the eight that are left.
    { ...every, rate: 0.125, error: 'InternalFailure', seed: 2 },
  ];
  await setFaults({ ...location, rules });
  expect(failureOf(await rehearsal.run(DEPLOY))).toBeUndefined();
  for (const { struck } of await getFaults(location)) expect(struck).toBeGreaterThan(5);
  await clearFaults(location);
  expect(await rehearsal.snapshot()).toEqual(undisturbed);
});

it('fails in one clear sentence when AWS is gone in the middle of a deploy, and the same command goes on', async () => {
  await using rehearsal = await startRehearsal();
  let alive = true;
  const failed = await rehearsal.run(DEPLOY, (said) => {
    if (!alive || !/"logicalId":"Network/.test(said)) return;
    alive = false;
    process.kill(rehearsal.emulator.pid, 'SIGKILL');
  });
  expect([failed.code, failed.events.at(-1)?.code]).toEqual([1, 'DEPLOYMENT_ENDPOINT_UNREACHABLE']);
  expect(failed.stderr).toBe('');
  await rehearsal.emulator.restart();
  expect(failureOf(await rehearsal.run(DEPLOY))).toBeUndefined();
  expect(await rehearsal.snapshot()).toEqual(undisturbed);
});
