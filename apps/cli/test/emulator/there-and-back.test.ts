import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Snapshot } from '../../../../packages/emulator/test/support/take-snapshot.js';
import { type ConfigChanges, configText, failureOf, startRehearsal } from '../support/rehearsal.js';

const PAIRS = Number(process.env.JENKINS_AWS_PAIRS ?? 2);
const SEED = Number(process.env.JENKINS_AWS_PAIRS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const LANES = 2;

/** Whatever may change while a platform runs; the zones and the VPC's range may not. */
const changes: fc.Arbitrary<ConfigChanges> = fc.record({
  masters: fc.constantFrom(['main'], ['main', 'second'], ['second']),
  tags: fc.dictionary(fc.constantFrom('team', 'cost-center'), fc.constantFrom('build', '42')),
  nat: fc.constantFrom('one', 'per-zone'),
  cpuPercent: fc.integer({ min: 1, max: 100 }),
  emails: fc.subarray(['ops@example.com', 'build@example.com']),
  instanceType: fc.constantFrom('t3.large', 'm7g.large'),
  throughput: fc.constantFrom('elastic', 'bursting'),
  logRetentionDays: fc.constantFrom(30, 90, 365),
});

const pair = fc.tuple(changes, changes).filter(([first, second]) => JSON.stringify(first) !== JSON.stringify(second));

/** What stays of masters that left is told by its kind of id: no stack names it any more. */
function withoutRetained(snapshot: Snapshot): Snapshot {
  const retained = (each: unknown) => /"(FileSystem|AccessPoint)Id":"fs(ap)?-<id>"/.test(JSON.stringify(each));
  return Object.fromEntries(
    Object.entries(snapshot).map(([kind, all]) => [kind, all.filter((each) => !retained(each))]),
  );
}

async function thereAndBack([first, second]: [ConfigChanges, ConfigChanges]): Promise<void> {
  await using rehearsal = await startRehearsal();
  const deploy = async (config: ConfigChanges) => {
    const leaving = ['main', 'second'].filter((name) => !config.masters?.includes(name));
    const remove = leaving.length === 0 ? [] : ['--remove-master', ...leaving];
    expect(failureOf(await rehearsal.run(['deploy', configText(config), '--yes', ...remove])), what).toBeUndefined();
    return rehearsal.snapshot();
  };
  const what = `A ${JSON.stringify(first)}, B ${JSON.stringify(second)} (seed ${SEED})`;
  const before = await deploy(first);
  const between = await deploy(second);
  expect(between, `${what}: B is not A`).not.toEqual(before);
  const after = await deploy(first);
  expect(withoutRetained(after), what).toEqual(before);
  const left = (first.masters ?? []).filter((name) => !second.masters?.includes(name)).length;
  const came = (second.masters ?? []).filter((name) => !first.masters?.includes(name)).length;
  const homes = (snapshot: Snapshot) => snapshot.fileSystems?.length ?? 0;
  expect(homes(after) - homes(before), `${what}: every home of a master that left stays`).toBe(left + came);
}

it(`deploys A, B and A again to what the first A was, for ${PAIRS} random pairs (seed ${SEED})`, async () => {
  const pairs = fc.sample(pair, { numRuns: PAIRS, seed: SEED });
  const lane = async () => {
    for (let next = pairs.shift(); next !== undefined; next = pairs.shift()) await thereAndBack(next);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(pairs).toEqual([]);
});
