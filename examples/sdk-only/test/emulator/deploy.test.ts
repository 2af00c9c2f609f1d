import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startTestEmulator,
  type TestEmulator,
} from '../../../../packages/emulator/test/support/start-test-emulator.js';

let emulator: TestEmulator;
let certificate: string;
beforeAll(async () => {
  emulator = await startTestEmulator();
  const requested = await new ACMClient(emulator.client).send(
    new RequestCertificateCommand({ DomainName: 'jenkins.example.com' }),
  );
  certificate = requested.CertificateArn ?? '';
});
afterAll(() => emulator?.stop());

/** The program as a person runs it, with the environment that points every SDK at the emulator. */
async function run(...parameters: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const { endpoint, region, credentials } = emulator.client;
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', '..', 'deploy.mjs'), ...parameters], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  });
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      text[stream] += chunk;
    });
  }
  const code = await new Promise((done) => child.on('close', done));
  return { code, ...text };
}

describe('deploy.mjs', () => {
  it('makes network, home and controller, and finds nothing to do the second time', async () => {
    const first = await run(certificate, '203.0.113.0/24');
    expect(first.stderr).toContain('CREATE_COMPLETE');
    expect(first.stdout, first.stderr).toMatch(
      /^ci-network: created\nci-home: created\nci-jenkins: created\nhttps:\/\/\S+\/\n$/,
    );
    const second = await run(certificate, '203.0.113.0/24');
    expect(second.stdout, second.stderr).toMatch(
      /^ci-network: unchanged\nci-home: unchanged\nci-jenkins: unchanged\nhttps:/,
    );
    expect([first.code, second.code]).toEqual([0, 0]);
  });

  it('fails with one line before it asks an account when the range lets the internet in, or nothing is given', async () => {
    for (const given of [[certificate, '0.0.0.0/0'], []] as const) {
      const { code, stderr, stdout } = await run(...given);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^usage: node deploy\.mjs CERTIFICATE_ARN RANGE[^\n]*\n$/);
    }
  });
});
