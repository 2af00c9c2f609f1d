// `pnpm bench`: ratios, measured side by side in one run, alternating, as medians. It asserts nothing: a busy machine
// changes both sides alike, but not enough to fail somebody's build by it.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { discoverPackages, repositoryRoot } from '../build/discover.mjs';
import { filesBelow, readSource } from './house/source.mjs';
import { cacheFolder, cliBinary } from './lib/folders.mjs';
import { run } from './lib/process.mjs';

const QUICKSTART = join(repositoryRoot, 'examples', 'quickstart', 'jenkins-aws.config.yaml');
const WRITE_BARE_SYNTH = join(repositoryRoot, 'tooling', 'checks', 'bench', 'write-bare-synth.mjs');
const MANY_MASTERS = 20;
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
  const [a, b] = [median(taken.ours), median(taken.theirs)];
  const line = [
    `${(a / b).toFixed(2)} ×`,
    title,
    `${(a * 1000).toFixed(0)} ms against ${(b * 1000).toFixed(0)} ms`,
    `wanted: ≤ ${goal} ×`,
  ];
  console.log(line.join(' · '));
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
