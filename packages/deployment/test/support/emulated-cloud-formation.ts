import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { emulatorEnvironment, ensureEmulator, stopEmulator } from '@jenkins-aws/emulator';
import { freePort } from '../../../emulator/test/support/start-test-emulator.js';

/** Shared by every suite of the checkout, so that the Python environment is made once. */
const cacheDirectory = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  '..',
  'node_modules',
  '.cache',
  'jenkins-aws-emulator',
);

/** Whether the emulator can be installed here: it needs a Python of at least 3.10. */
export const canEmulate = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;

/** An emulator of one's own with nothing in it. */
export async function startEmulatedCloudFormation() {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'deployment-test-'));
  const emulator = await ensureEmulator({ cacheDirectory, stateDirectory, port: await freePort() });
  const environment = emulatorEnvironment(emulator, 'eu-central-1');
  const clientConfig = {
    endpoint: environment.AWS_ENDPOINT_URL,
    region: environment.AWS_REGION,
    credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY },
  };
  return {
    clientConfig,
    location: { cacheDirectory, stateDirectory },
    cloudFormation: new CloudFormationClient(clientConfig),
    async stop() {
      await stopEmulator({ cacheDirectory, stateDirectory });
      await rm(stateDirectory, { recursive: true, force: true });
    },
  };
}
