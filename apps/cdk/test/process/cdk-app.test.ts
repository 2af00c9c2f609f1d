import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadConfigFile, platformConfigSchema } from '@jenkins-aws/platform';
import { platformTemplates } from '@jenkins-aws/platform/template';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const APP = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const QUICKSTART = fileURLToPath(new URL('../../../../examples/quickstart/jenkins-aws.config.yaml', import.meta.url));

interface StackProperties {
  readonly stackName: string;
  readonly templateFile: string;
  readonly tags: Record<string, string>;
  readonly terminationProtection?: boolean;
}

/** What the test reads of a cloud assembly. */
interface Manifest {
  readonly artifacts: Record<string, { type: string; properties: StackProperties }>;
}

let output: string;
beforeAll(async () => {
  output = await mkdtemp(join(tmpdir(), 'jenkins-aws-cdk-'));
});
afterAll(() => rm(output, { recursive: true, force: true }));

/** Runs the app as the CDK CLI does. */
function synth(config: string) {
  const env = { PATH: process.env.PATH, CDK_OUTDIR: output, CDK_CONTEXT_JSON: JSON.stringify({ config }) };
  return promisify(execFile)(process.execPath, [APP], { env, cwd: output });
}

describe('the CDK app', () => {
  it('synthesizes the stacks that the CLI deploys, to the letter, with their tags and their protection', async () => {
    await synth(QUICKSTART);
    const stacks = platformTemplates(await loadConfigFile({ path: QUICKSTART, schema: platformConfigSchema }));
    const { artifacts } = JSON.parse(await readFile(join(output, 'manifest.json'), 'utf8')) as Manifest;
    const found = Object.values(artifacts).filter(({ type }) => type === 'aws:cloudformation:stack');
    for (const { name, template, tags, terminationProtection } of stacks) {
      const stack = found.find(({ properties }) => properties.stackName === name)?.properties;
      expect(stack?.tags).toEqual(tags);
      expect(stack?.terminationProtection).toBe(terminationProtection ?? false);
      const file = stack?.templateFile ?? name;
      expect(JSON.parse(await readFile(join(output, file), 'utf8'))).toEqual(template);
    }
    expect(found).toHaveLength(stacks.length);
  });

  it('fails with one message for a config that is not there', async () => {
    await expect(synth('nowhere.yaml')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^there is no configuration file nowhere\.yaml/),
    });
  });
});
