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
import { givingTemplate, takingTemplate } from '../support/templates.js';

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

/** Runs the deployment in a child process. Resolves to its number of calls, or to undefined when it was killed. */
async function deployInChild(stacks: StackDefinition[], killBefore: number): Promise<number | undefined> {
  const input = JSON.stringify({ library, clientConfig: emulated.clientConfig, stacks, killBefore });
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [child, input], { cwd: packageFolder });
    return Number(stdout);
  } catch (error) {
    expect(error).toMatchObject({ signal: 'SIGKILL' });
    return undefined;
  }
}

/** What a person does after a kill: run again, and wait where the message says so. */
async function deployUntilDone(stacks: StackDefinition[]): Promise<string[]> {
  const context = { cloudFormation: emulated.cloudFormation, pollIntervalMilliseconds: 100 };
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      const review = await reviewDeployment({ ...context, stacks });
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
  const calls = (await deployInChild(await prepare(0), 0)) ?? 0;
  expect(calls).toBeGreaterThan(8);
  for (let moment = 1; moment <= calls; moment += 1) {
    const stacks = await prepare(moment);
    // Polling may need a call fewer this time, so the last moments may come after the end.
    if (moment < calls - 2) expect(await deployInChild(stacks, moment)).toBeUndefined();
    else await deployInChild(stacks, moment);
    await deployUntilDone(stacks);
    expect(await deployUntilDone(stacks)).toEqual(['unchanged', 'unchanged']);
    for (const { name } of stacks) {
      const { Stacks } = await emulated.cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
      expect(Stacks?.[0]?.StackStatus).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
    }
  }
});
