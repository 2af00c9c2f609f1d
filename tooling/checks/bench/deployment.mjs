import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../../build/discover.mjs';
import { importBuilt } from '../docs/built.mjs';
import { cliBinary } from '../lib/folders.mjs';
import { run } from '../lib/process.mjs';

const REGION = 'eu-central-1';
const WAITING_SECONDS = 15;
const ROUNDS = 5;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const { ensureEmulator, stopEmulator, clearCallRecord, getCallRecord, emulatorEnvironment } =
  await importBuilt('packages/emulator');
const { executeDeployment, reviewDeployment, destroyStacks } = await importBuilt('packages/deployment');
const required = createRequire(join(repositoryRoot, 'packages', 'deployment', 'package.json'));
const sdk = await import(pathToFileURL(required.resolve('@aws-sdk/client-cloudformation')).href);

/** The most memory that `node …parameters` ever had, in MiB. */
export async function peakMebibytes(parameters) {
  const folder = mkdtempSync(join(tmpdir(), 'jenkins-aws-bench-'));
  const file = join(folder, 'peak');
  const tell = `import { writeFileSync } from 'node:fs';
    process.on('exit', () => writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)));`;
  const preload = `data:text/javascript,${encodeURIComponent(tell)}`;
  const ran = await run(process.execPath, ['--import', preload, ...parameters]);
  if (ran.status !== 0) throw new Error(`node ${parameters.join(' ')} ended with ${ran.status}:\n${ran.output}`);
  const mebibytes = Number(readFileSync(file, 'utf8')) / 1024;
  rmSync(folder, { recursive: true, force: true });
  return mebibytes;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** An embedded AWS of its own for `work`, with clients for it. */
export async function withEmulator(work) {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'jenkins-aws-bench-'));
  const cacheDirectory = join(repositoryRoot, 'node_modules', '.cache', 'jenkins-aws-emulator');
  const location = { cacheDirectory, stateDirectory };
  const emulator = await ensureEmulator({ ...location, port: await freePort() });
  const environment = emulatorEnvironment(emulator, REGION);
  const cloudFormation = new sdk.CloudFormationClient({
    endpoint: emulator.endpoint,
    region: REGION,
    credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
  });
  const callsOf = async () => {
    const record = await getCallRecord(location);
    return record
      .filter(({ service, by }) => service === 'cloudformation' && by === 'caller')
      .reduce((sum, { count }) => sum + count, 0);
  };
  try {
    return await work({ cloudFormation, environment, callsOf, forget: () => clearCallRecord(location) });
  } finally {
    await stopEmulator(location);
    rmSync(stateDirectory, { recursive: true, force: true });
  }
}

/** CloudFormation calls a stack of a deploy that has nothing to do: of the engine, and of the whole command. */
export async function callsWithNothingToDo({ cloudFormation, environment, callsOf, forget }, config) {
  const folder = mkdtempSync(join(tmpdir(), 'jenkins-aws-bench-'));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, readFileSync(config, 'utf8').replace(/^region: .*$/m, `region: ${REGION}`));
  const command = async () => {
    const parameters = [cliBinary, 'deploy', '--yes', '--json', '-c', file];
    const ran = await run(process.execPath, parameters, { env: environment });
    if (ran.status !== 0) throw new Error(`deploy ended with ${ran.status}:\n${ran.output}`);
    return JSON.parse(ran.stdout.trim().split('\n').at(-1)).data.outcomes.length;
  };
  await command();
  await forget();
  const stackCount = await command();
  const whole = (await callsOf()) / stackCount;
  rmSync(folder, { recursive: true, force: true });

  const stacks = stacksOf('idle');
  await deploy(cloudFormation, stacks);
  await forget();
  await deploy(cloudFormation, stacks);
  return { engine: (await callsOf()) / stacks.length, whole };
}

/** Calls a second and stack while three stacks do nothing but wait: on average, and the most in any second. */
export async function callsWhileWaiting({ cloudFormation }) {
  const Resources = {
    Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    Waiting: {
      Type: 'AWS::CloudFormation::WaitCondition',
      Properties: { Handle: { Ref: 'Handle' }, Timeout: String(WAITING_SECONDS) },
    },
  };
  const names = ['waiting1', 'waiting2', 'waiting3'];
  const stacks = names.map((name) => ({ name, templateBody: JSON.stringify({ Resources }) }));
  const moments = [];
  const watched = {
    send: (...call) => {
      moments.push(performance.now());
      return cloudFormation.send(...call);
    },
  };
  const review = await reviewDeployment({ cloudFormation: watched, stacks });
  const begun = performance.now();
  moments.length = 0;
  // It fails in the end, for nobody sends the signal.
  await executeDeployment({ cloudFormation: watched, review }).catch(() => {});
  const seconds = (performance.now() - begun) / 1000;
  if (seconds < WAITING_SECONDS) throw new Error(`the stacks did not wait: it was over after ${seconds} s`);
  // The start and the end of a stack are work, not waiting.
  const [from, to] = [begun + 2000, begun + (WAITING_SECONDS - 1) * 1000];
  const waiting = moments.filter((moment) => moment > from && moment < to);
  const inSecondFrom = (start) => waiting.filter((moment) => moment >= start && moment < start + 1000).length;
  return {
    average: waiting.length / ((to - from) / 1000) / names.length,
    most: Math.max(...waiting.map(inSecondFrom)) / names.length,
  };
}

/** A network, and a stack that reads what another one gives. */
function stacksOf(prefix) {
  const network = readFileSync(
    join(repositoryRoot, 'packages', 'network', 'templates', 'network-2-zones.json'),
    'utf8',
  );
  const Name = `/${prefix}/value`;
  const giving = { Given: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name, Value: 'blue' } } };
  const taking = { Taking: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Taken' } } } };
  const Parameters = { Taken: { Type: 'AWS::SSM::Parameter::Value<String>', Default: Name } };
  return [
    { name: `${prefix}-network`, templateBody: network },
    { name: `${prefix}-giving`, templateBody: JSON.stringify({ Resources: giving }) },
    {
      name: `${prefix}-taking`,
      templateBody: JSON.stringify({ Parameters, Resources: taking }),
      dependsOn: [`${prefix}-giving`],
    },
  ];
}

async function deploy(cloudFormation, stacks) {
  const review = await reviewDeployment({ cloudFormation, stacks });
  await executeDeployment({ cloudFormation, review });
}

/** What somebody writes who has no engine: change set, execute, look five times a second, stack after stack. */
async function deployBare(cloudFormation, stacks) {
  for (const { name: StackName, templateBody: TemplateBody } of stacks) {
    const ChangeSetName = 'bare';
    const wanted = {
      StackName,
      ChangeSetName,
      ChangeSetType: 'CREATE',
      TemplateBody,
      Capabilities: ['CAPABILITY_IAM'],
    };
    await cloudFormation.send(new sdk.CreateChangeSetCommand(wanted));
    const changes = () => cloudFormation.send(new sdk.DescribeChangeSetCommand({ StackName, ChangeSetName }));
    while ((await changes()).Status !== 'CREATE_COMPLETE') await wait(200);
    await cloudFormation.send(new sdk.ExecuteChangeSetCommand({ StackName, ChangeSetName }));
    const status = async () =>
      (await cloudFormation.send(new sdk.DescribeStacksCommand({ StackName }))).Stacks[0].StackStatus;
    while ((await status()) !== 'CREATE_COMPLETE') await wait(200);
  }
}

/** Seconds of a first deployment of the same stacks, in turn, after one unmeasured round. */
export async function engineAgainstBare({ cloudFormation }) {
  const taken = { ours: [], theirs: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [side, work] of [
      ['ours', deploy],
      ['theirs', deployBare],
    ]) {
      const stacks = stacksOf(side);
      const begun = performance.now();
      await work(cloudFormation, stacks);
      if (round > 0) taken[side].push((performance.now() - begun) / 1000);
      await destroyStacks({ cloudFormation, stacks });
    }
  }
  return { ours: median(taken.ours), theirs: median(taken.theirs) };
}
