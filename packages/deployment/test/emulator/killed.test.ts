import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeploymentError, executeDeployment, reviewDeployment, type StackDefinition } from '../../src/index.js';
import { canEmulate, startEmulatedCloudFormation } from '../support/emulated-cloud-formation.js';
import { FAILING_RESOURCE, givingTemplate, takingTemplate, templateOf } from '../support/templates.js';

const packageFolder = join(import.meta.dirname, '..', '..');
const library = join(packageFolder, 'node_modules', '.cache', 'deployment-under-test.mjs');
const child = join(import.meta.dirname, '..', 'support', 'kill-before-call.mjs');

let emulated: Awaited<ReturnType<typeof startEmulatedCloudFormation>>;
beforeAll(async () => {
  // Bundled from the sources, so that the killed process runs what is tested and not an older build.
  const entryPoints = [join(packageFolder, 'src', 'index.ts')];
  await build({ entryPoints, outfile: library, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  emulated = await startEmulatedCloudFormation();
});
afterAll(async () => {
  await rm(library, { force: true });
  await emulated?.stop();
});

const stacksOf = (prefix: string, displayName?: string): StackDefinition[] => [
  { name: `${prefix}-giving`, templateBody: givingTemplate(`/${prefix}/value`, 'blue') },
  {
    name: `${prefix}-taking`,
    templateBody: takingTemplate(`/${prefix}/value`, displayName),
    dependsOn: [`${prefix}-giving`],
  },
];

/**
 * Runs the deployment in a child process. Resolves to its number of calls, to undefined when it was killed, or to what it
 * wrote when it failed.
 */
async function deployInChild(stacks: StackDefinition[], killBefore: number): Promise<number | string | undefined> {
  const input = JSON.stringify({ library, clientConfig: emulated.clientConfig, stacks, killBefore });
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [child, input], { cwd: packageFolder });
    return Number(stdout);
  } catch (error) {
    const { signal, stderr } = error as { signal: unknown; stderr: string };
    return signal === 'SIGKILL' ? undefined : stderr;
  }
}

/** What a person does after a kill: run again, and wait where the message says so. */
async function deployUntilDone(stacks: StackDefinition[], leftovers = new Set<string>()): Promise<string[]> {
  const context = { cloudFormation: emulated.cloudFormation, pollIntervalMilliseconds: 100 };
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      const review = await reviewDeployment({ ...context, stacks });
      for (const { leftover } of review.stacks) if (leftover !== undefined) leftovers.add(leftover);
      const { stacks: results } = await executeDeployment({ ...context, review });
      return results.map(({ outcome }) => outcome);
    } catch (error) {
      if ((error as DeploymentError).code !== 'DEPLOYMENT_STACK_BUSY') throw error;
      await wait(100);
    }
  }
  throw new Error('still busy');
}

it.skipIf(!canEmulate).each([
  ['first deployment', undefined],
  ['update', 'changed'],
])('converges after a kill before any call of a %s', async (kind, displayName) => {
  const prefixOf = (moment: number) => `${kind.split(' ')[0]}${moment}`;
  const prepare = async (moment: number) => {
    const prefix = prefixOf(moment);
    if (displayName !== undefined) await deployUntilDone(stacksOf(prefix));
    return stacksOf(prefix, displayName);
  };
  const calls = Number(await deployInChild(await prepare(0), 0));
  expect(calls).toBeGreaterThan(8);
  for (let moment = 1; moment <= calls; moment += 1) {
    const stacks = await prepare(moment);
    // Polling may need a call fewer this time, so the last moments may come after the end.
    if (moment < calls - 2) expect(await deployInChild(stacks, moment)).toBeUndefined();
    else expect(await deployInChild(stacks, moment)).not.toBeTypeOf('string');
    await deployUntilDone(stacks);
    expect(await deployUntilDone(stacks)).toEqual(['unchanged', 'unchanged']);
    for (const { name } of stacks) {
      const { Stacks } = await emulated.cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
      expect(Stacks?.[0]?.StackStatus).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
    }
  }
});

it.skipIf(!canEmulate)('converges after a kill before any call of a first creation that fails', async () => {
  const Topic = { Type: 'AWS::SNS::Topic', DeletionPolicy: 'Retain' };
  const leftovers = new Set<string>();
  let output: string | number | undefined;
  for (let moment = 1; output === undefined; moment += 1) {
    const name = `failing${moment}`;
    const failing = templateOf({ Topic, Target: { ...FAILING_RESOURCE, DependsOn: 'Topic' } });
    output = await deployInChild([{ name, templateBody: failing }], moment);
    const corrected = [{ name, templateBody: templateOf({ Topic }) }];
    expect(await deployUntilDone(corrected, leftovers)).toEqual(['created']);
    expect(await deployUntilDone(corrected)).toEqual(['unchanged']);
  }
  // The last run lives long enough to clean up after itself.
  expect(output).toContain('DEPLOYMENT_STACK_FAILED');
  expect([...leftovers]).toEqual(['ROLLBACK_COMPLETE']);
});
