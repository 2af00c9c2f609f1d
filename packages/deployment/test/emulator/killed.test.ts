import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GetStackPolicyCommand } from '@aws-sdk/client-cloudformation';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LockHolder } from '../../src/artifacts.js';
import {
  executeDeployment,
  getStackSummaries,
  type ReviewDeploymentOptions,
  reviewDeployment,
  type StackDefinition,
} from '../../src/index.js';
import { holderNamed, startEmulatedBucket } from '../support/emulated-bucket.js';
import { canEmulate } from '../support/emulated-cloud-formation.js';
import { FAILING_RESOURCE, givingTemplate, takingTemplate, templateOf } from '../support/templates.js';

const packageFolder = join(import.meta.dirname, '..', '..');
const library = join(packageFolder, 'node_modules', '.cache', 'deployment-under-test.mjs');
const child = join(import.meta.dirname, '..', 'support', 'kill-before-call.mjs');

let emulated: Awaited<ReturnType<typeof startEmulatedBucket>>;
beforeAll(async () => {
  // Bundled from the sources, so that the killed process runs what is tested and not an older build.
  const entryPoints = [join(packageFolder, 'src', 'index.ts')];
  await build({ entryPoints, outfile: library, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  emulated = await startEmulatedBucket();
});
afterAll(async () => {
  await rm(library, { force: true });
  await emulated?.stop();
});

type Options = Pick<ReviewDeploymentOptions, 'remove' | 'allowReplacement' | 'protectedTypes'>;

/** One stack that gives, and two that take from it at the same time. */
const stacksOf = (prefix: string, displayName?: string): StackDefinition[] => [
  { name: `${prefix}-giving`, templateBody: givingTemplate(`/${prefix}/value`, 'blue') },
  ...['left', 'right'].map((side) => ({
    name: `${prefix}-${side}`,
    templateBody: takingTemplate(`/${prefix}/value`, displayName),
    dependsOn: [`${prefix}-giving`],
  })),
];

/**
 * Runs the deployment in a child process. Resolves to its number of calls, to undefined when it was killed, or to what it
 * wrote when it failed.
 */
async function deployInChild(
  stacks: StackDefinition[],
  killBefore: number,
  more: { options?: Options; bucket?: string } = {},
): Promise<number | string | undefined> {
  const { clientConfig } = emulated;
  const input = JSON.stringify({ library, clientConfig, stacks, killBefore, ...more });
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [child, input], { cwd: packageFolder });
    return Number(stdout);
  } catch (error) {
    const { signal, stderr } = error as { signal: unknown; stderr: string };
    return signal === 'SIGKILL' ? undefined : stderr;
  }
}

/** What a person does after a kill: run again, once. */
async function deployAgain(stacks: StackDefinition[], more: Options & { bucket?: string } = {}) {
  const { bucket, ...options } = more;
  const holder = { ...holderNamed('person'), host: hostname(), processId: process.pid, processSpace: 'this one' };
  const context = {
    cloudFormation: emulated.cloudFormation,
    ...(bucket && { artifacts: { s3: emulated.s3, bucket } }),
    claim: { holder, now: Date.now, isAlive: isProcessAlive },
    pollIntervalMilliseconds: 100,
    ...options,
  };
  const review = await reviewDeployment({ ...context, stacks });
  const leftovers = review.stacks.flatMap(({ leftover }) => leftover ?? []);
  const { stacks: results } = await executeDeployment({ ...context, review });
  return { outcomes: results.map(({ outcome }) => outcome), leftovers };
}

function isProcessAlive({ processId }: LockHolder): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

async function statusOf(name: string): Promise<string | undefined> {
  const { [name]: stack } = await getStackSummaries({ cloudFormation: emulated.cloudFormation, names: [name] });
  return stack?.status;
}

/** How many runs are killed at the same time, each with stacks and a bucket of its own: most of their time is waiting. */
const AT_ONCE = 4;

interface Scenario {
  /** Brings about what is there before the run, and tells what the run shall deploy. */
  readonly prepare: (moment: number) => Promise<StackDefinition[]>;
  readonly optionsFor?: (stacks: StackDefinition[]) => Options;
  readonly check: (stacks: StackDefinition[]) => Promise<void>;
}

/** Kills a run before each of its calls, runs it again, and looks whether everything is as it shall be. */
async function killBeforeEachCall({ prepare, optionsFor = () => ({}), check }: Scenario): Promise<void> {
  const calls = Number(await killAt(0));
  expect(calls).toBeGreaterThan(8);
  const moments = Array.from({ length: calls }, (_, index) => index + 1);
  const work = async () => {
    for (let moment = moments.shift(); moment !== undefined; moment = moments.shift()) {
      // Polling may need some calls fewer this time, so the last moments may come after the end.
      const end = await killAt(moment);
      if (moment < calls - 6) expect(end).toBeUndefined();
      else expect(end).not.toBeTypeOf('string');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  async function killAt(moment: number) {
    const bucket = await emulated.makeBucket();
    const stacks = await prepare(moment);
    const options = optionsFor(stacks);
    const end = await deployInChild(stacks, moment, { options, bucket });
    if (moment === 0) return end;
    await deployAgain(stacks, { ...options, bucket });
    await check(stacks);
    const again = await deployAgain(stacks, { ...options, bucket });
    expect(new Set(again.outcomes)).toEqual(new Set(['unchanged']));
    return end;
  }
}

async function expectComplete(stacks: StackDefinition[]): Promise<void> {
  for (const { name } of stacks) expect(await statusOf(name)).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
}

it.skipIf(!canEmulate).each([
  ['first deployment', undefined],
  ['update', 'changed'],
])('converges after a kill before any call of a parallel %s', async (kind, displayName) => {
  const prepare = async (moment: number) => {
    const prefix = `${kind.split(' ')[0]}${moment}`;
    if (displayName !== undefined) await deployAgain(stacksOf(prefix));
    return stacksOf(prefix, displayName);
  };
  await killBeforeEachCall({ prepare, check: expectComplete });
});

it.skipIf(!canEmulate)('converges after a kill before any call of a removal', async () => {
  const prefixOf = ([stack]: StackDefinition[]) => stack?.name.replace('-giving', '');
  const prepare = async (moment: number) => {
    await deployAgain(stacksOf(`removal${moment}`));
    return stacksOf(`removal${moment}`).slice(0, 1);
  };
  const remove = (stacks: StackDefinition[]) =>
    ['left', 'right'].map((side) => ({
      name: `${prefixOf(stacks)}-${side}`,
      dependsOn: [`${prefixOf(stacks)}-giving`],
    }));
  const check = async (stacks: StackDefinition[]) => {
    await expectComplete(stacks);
    for (const { name } of remove(stacks)) expect(await statusOf(name)).toBeUndefined();
  };
  await killBeforeEachCall({ prepare, check, optionsFor: (stacks) => ({ remove: remove(stacks) }) });
});

it.skipIf(!canEmulate)(
  'closes the stack policy after a kill before any call of a replacement that was allowed',
  async () => {
    const Statement = [
      { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'Update:Replace', Principal: '*', Resource: 'LogicalResourceId/Topic' },
    ];
    const stackOf = (moment: number, topicName: string): StackDefinition[] => [
      {
        name: `policy${moment}`,
        templateBody: templateOf({
          Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: `${topicName}${moment}` } },
        }),
        stackPolicyBody: JSON.stringify({ Statement }),
      },
    ];
    const prepare = async (moment: number) => {
      await deployAgain(stackOf(moment, 'before'));
      return stackOf(moment, 'after');
    };
    const check = async (stacks: StackDefinition[]) => {
      await expectComplete(stacks);
      const command = new GetStackPolicyCommand({ StackName: stacks[0]?.name });
      const { StackPolicyBody = '' } = await emulated.cloudFormation.send(command);
      expect(JSON.parse(StackPolicyBody)).toEqual({ Statement });
    };
    const optionsFor = () => ({ allowReplacement: ['Topic'], protectedTypes: ['AWS::SNS::Topic'] });
    await killBeforeEachCall({ prepare, check, optionsFor });
  },
);

it.skipIf(!canEmulate)('converges after a kill before any call of a first creation that fails', async () => {
  const Topic = { Type: 'AWS::SNS::Topic', DeletionPolicy: 'Retain' };
  const leftovers = new Set<string>();
  let output: string | number | undefined;
  for (let moment = 1; output === undefined; moment += 1) {
    const name = `failing${moment}`;
    const failing = templateOf({ Topic, Target: { ...FAILING_RESOURCE, DependsOn: 'Topic' } });
    output = await deployInChild([{ name, templateBody: failing }], moment);
    const corrected = [{ name, templateBody: templateOf({ Topic }) }];
    const first = await deployAgain(corrected);
    expect(first.outcomes).toEqual(['created']);
    for (const leftover of first.leftovers) leftovers.add(leftover);
    expect((await deployAgain(corrected)).outcomes).toEqual(['unchanged']);
  }
  // The last run lives long enough to clean up after itself.
  expect(output).toContain('DEPLOYMENT_STACK_FAILED');
  expect([...leftovers]).toEqual(['ROLLBACK_COMPLETE']);
});
