// `pnpm bench`: ratios, measured side by side in one run, alternating, as medians, and counts. It asserts nothing: a busy
// machine changes both sides alike, but not enough to fail somebody's build by it.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { discoverPackages, repositoryRoot } from '../build/discover.mjs';
import {
  callsWhileWaiting,
  callsWithNothingToDo,
  engineAgainstBare,
  peakMebibytes,
  withEmulator,
} from './bench/deployment.mjs';
import { filesBelow, readSource } from './house/source.mjs';
import { cacheFolder, cliBinary } from './lib/folders.mjs';
import { run } from './lib/process.mjs';

const QUICKSTART = join(repositoryRoot, 'examples', 'quickstart', 'jenkins-aws.config.yaml');
const WRITE_BARE_SYNTH = join(repositoryRoot, 'tooling', 'checks', 'bench', 'write-bare-synth.mjs');
const MANY_MASTERS = 20;
/** With the two stacks that all share, and two for each. */
const MASTERS_OF_60_STACKS = 29;
const folder = join(cacheFolder, 'bench');

/** The CDK modules that our constructs load. */
function cdkModules() {
  const found = discoverPackages(['packages'])
    .flatMap((member) => filesBelow(repositoryRoot, `${member.folder}/src`))
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => readSource(repositoryRoot, file).imports.map(({ specifier }) => specifier))
    .filter((specifier) => specifier.startsWith('aws-cdk-lib/'));
  return [...new Set(found)].sort();
}

/** The quickstart with its first master `count` times. */
function configOf(count) {
  const { masters, ...rest } = parse(readFileSync(QUICKSTART, 'utf8'));
  const [master] = Object.values(masters);
  const names = Array.from({ length: count }, (_, index) => `master${index + 1}`);
  const file = join(folder, `${count}-masters.yaml`);
  writeFileSync(
    file,
    stringify(
      { ...rest, masters: Object.fromEntries(names.map((name) => [name, structuredClone(master)])) },
      { aliasDuplicateObjects: false },
    ),
  );
  return file;
}

async function seconds(parameters) {
  const ran = await run(process.execPath, parameters);
  if (ran.status !== 0) throw new Error(`node ${parameters.join(' ')} ended with ${ran.status}:\n${ran.output}`);
  return ran.seconds;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Prints how much longer `ours` takes than `theirs`, both run in turn after one unmeasured round. */
async function compare(title, goal, rounds, ours, theirs) {
  const taken = { ours: [], theirs: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const pair = { ours: await seconds(ours), theirs: await seconds(theirs) };
    if (round > 0) for (const side of ['ours', 'theirs']) taken[side].push(pair[side]);
  }
  printRatio(title, goal, median(taken.ours), median(taken.theirs));
}

function printRatio(title, goal, ours, theirs) {
  const against = `${(ours * 1000).toFixed(0)} ms against ${(theirs * 1000).toFixed(0)} ms`;
  console.log([`${(ours / theirs).toFixed(2)} ×`, title, against, `wanted: ≤ ${goal} ×`].join(' · '));
}

function printFigure(title, goal, value, unit) {
  const short = value >= 100 ? value.toFixed(0) : value.toFixed(2);
  console.log([`${short} ${unit}`, title, ...(goal === undefined ? [] : [`wanted: ≤ ${goal}`])].join(' · '));
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const plan = (config, ...more) => [cliBinary, 'plan', '-c', config, ...more];
const templates = join(folder, 'templates');
await seconds(plan(QUICKSTART, '--out', templates));
const bareSynth = join(folder, 'bare-synth.mjs');
await seconds([WRITE_BARE_SYNTH, templates, bareSynth, ...cdkModules()]);

await compare('jenkins-aws --help, against node -e 0', 1.5, 21, [cliBinary, '--help'], ['-e', '0']);
await compare('plan of the quickstart, against the same resources as bare L1s', 1.5, 9, plan(QUICKSTART), [bareSynth]);
await compare(`plan of ${MANY_MASTERS} masters, against one`, 6, 5, plan(configOf(MANY_MASTERS)), plan(configOf(1)));

for (const [masters, stacks] of [
  [MANY_MASTERS, 2 * MANY_MASTERS + 2],
  [MASTERS_OF_60_STACKS, 60],
]) {
  const peak = await peakMebibytes(plan(configOf(masters)));
  printFigure(`peak memory of the plan of ${masters} masters, ${stacks} stacks`, 400, peak, 'MiB');
}
await withEmulator(async (emulator) => {
  const idle = await callsWithNothingToDo(emulator, QUICKSTART);
  printFigure('CloudFormation calls a stack of the engine when there is nothing to do', 3, idle.engine, 'calls');
  printFigure('the same of the whole command, which also shows what runs', undefined, idle.whole, 'calls');
  const waiting = await callsWhileWaiting(emulator);
  printFigure('calls a second and stack while stacks wait, on average', 2, waiting.average, 'calls');
  printFigure('the same in the busiest second', 2, waiting.most, 'calls');
  const { ours, theirs } = await engineAgainstBare(emulator);
  printRatio('first deployment of three stacks, against a script of change sets', 1.2, ours, theirs);
});
