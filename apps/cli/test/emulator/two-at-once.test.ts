import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { configText, failureOf, startRehearsal } from '../support/rehearsal.js';
import type { CliRun } from '../support/run-cli.js';

const deployOf = (cpuPercent: number) => ['deploy', configText({ cpuPercent }), '--yes'] as const;
const startedBy = ({ events }: CliRun) =>
  events.filter(({ code }) => code === 'deployment.stack.started').map(({ data }) => data.stackName);

it('fails at once for a second deploy with who works since when, and lets the first one finish', async () => {
  await using rehearsal = await startRehearsal();
  expect(failureOf(await rehearsal.run(deployOf(90)))).toBeUndefined();
  let letOn = () => {};
  const held = new Promise<void>((done) => {
    letOn = done;
  });
  let second: Promise<CliRun> | undefined;
  // The first one stands before its first change, with the lock in its hand, until the second one has given up.
  const first = await rehearsal.counted(deployOf(70), () => async (_call, side, body) => {
    if (side !== 'before' || !body.includes('Action=ExecuteChangeSet') || second !== undefined) return;
    second = rehearsal.run(deployOf(71));
    second.then(letOn, letOn);
    await held;
  });
  expect(failureOf(first)).toBeUndefined();
  const refused = await second;
  expect([refused?.code, refused?.events.at(-1)?.code]).toEqual([1, 'DEPLOYMENT_LOCKED']);
  const message = refused?.events.at(-1)?.message;
  expect(message).toMatch(/by arn:aws:iam::\S+ on \S+ \(process \d+\), since \d{4}-\d\d-\d\dT\S+Z, doing: deploy ci/);
  expect(message).toContain(`on ${hostname()} `);
  expect(refused && startedBy(refused)).toEqual([]);
  const again = await rehearsal.run(deployOf(70));
  expect([failureOf(again), again.events.at(-1)?.message]).toEqual([undefined, 'no changes']);
});

/** How much later the second one starts: while the first one reviews, makes the bucket of the lock, and works under it. */
const DELAYS = [0, 700, 1_500, 3_000];

it.each(DELAYS)(
  'never lets two first deploys touch the same stack, %i ms apart, and the next one finishes',
  async (delay) => {
    await using rehearsal = await startRehearsal();
    const second = () => sleep(delay).then(() => rehearsal.run(deployOf(91)));
    const runs = await Promise.all([rehearsal.run(deployOf(90)), second()]);
    // Nobody can hold a lock before there is a bucket for it: both may find that the other one was quicker.
    const refused = runs.filter(({ code }) => code !== 0);
    for (const { events } of refused) expect(events.at(-1)?.code).toMatch(/^DEPLOYMENT_(LOCKED|REVIEW_STALE)$/);
    for (const { events } of refused)
      expect(JSON.stringify(events.at(-1))).toMatch(/ by arn:aws:iam::|work on it: arn|exists by now/);
    const started = runs.flatMap(startedBy);
    if (refused.length > 0) expect(started.toSorted()).toEqual([...new Set(started)].toSorted());
    expect(failureOf(await rehearsal.run(deployOf(90)))).toBeUndefined();
    const again = await rehearsal.run(deployOf(90));
    expect([failureOf(again), again.events.at(-1)?.message]).toEqual([undefined, 'no changes']);
  },
);
