import { expect, it } from 'vitest';
import type { Snapshot } from '../../../../packages/emulator/test/support/take-snapshot.js';
import { type Command, configText, failureOf, type Rehearsal, randomOf, startRehearsal } from '../support/rehearsal.js';

const SEED = Number(process.env.JENKINS_AWS_KILL_SEED ?? 20261124);
const KILLS = 20;
const LANES = 4;
/** About a fifth of it on two cores that do nothing else. */
const TIMEOUT_MILLISECONDS = 600_000;

const BEFORE = configText();
const AFTER = configText({ cpuPercent: 80, masters: ['main', 'second'] });

/** The life of a platform; each step of it is killed once. */
const STEPS: readonly Command[] = [
  ['deploy', BEFORE, '--yes'],
  ['deploy', AFTER, '--yes'],
  ['destroy', AFTER, '--yes'],
];

interface Step {
  readonly calls: number;
  readonly snapshot: Snapshot;
}

async function undisturbed(rehearsal: Rehearsal): Promise<Step[]> {
  const steps: Step[] = [];
  for (const command of STEPS) {
    const ran = await rehearsal.counted(command);
    expect(failureOf(ran)).toBeUndefined();
    steps.push({ calls: ran.calls, snapshot: await rehearsal.snapshot() });
  }
  return steps;
}

it(
  `converges to what an undisturbed run makes after kill -9 at ${KILLS} moments (seed ${SEED})`,
  async () => {
    const random = randomOf(SEED);
    const wanted = await (async () => {
      await using rehearsal = await startRehearsal();
      return await undisturbed(rehearsal);
    })();

    // Looking for the end of something takes a few calls more or less, so the last ones are no moment to name.
    const kills = Array.from({ length: KILLS }, (_, index) => ({
      life: Math.floor(index / STEPS.length),
      step: index % STEPS.length,
      call: 1 + Math.floor(random() * ((wanted[index % STEPS.length]?.calls ?? 0) * 0.9)),
      side: random() < 0.5 ? ('before' as const) : ('after' as const),
    }));
    const lives = Array.from({ length: Math.ceil(KILLS / STEPS.length) }, (_, life) =>
      kills.filter((kill) => kill.life === life),
    );

    const converged: string[] = [];
    const live = async () => {
      for (let life = lives.shift(); life !== undefined; life = lives.shift()) {
        await using rehearsal = await startRehearsal();
        for (const { step, call, side } of life) {
          const command = STEPS[step] as Command;
          const moment = `step ${step}, ${command[0]}, killed ${side} call ${call} of ${wanted[step]?.calls} (seed ${SEED})`;
          const killed = await rehearsal.counted(command, (kill) => (at, on) => {
            if (at === call && on === side) kill();
          });
          expect(killed.code, `${moment}: it ended by itself`).toBeNull();
          const again = await rehearsal.run(command);
          expect(failureOf(again), moment).toBeUndefined();
          expect(await rehearsal.snapshot(), moment).toEqual(wanted[step]?.snapshot);
          converged.push(moment);
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, live));
    expect(converged).toHaveLength(KILLS);
  },
  TIMEOUT_MILLISECONDS,
);
