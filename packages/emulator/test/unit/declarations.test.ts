import { isJenkinsAwsError } from '@jenkins-aws/core';
import { expect, test } from 'vitest';
import { installFailed, portTaken } from '../../src/errors.js';
import { EMULATOR_ERRORS, EmulatorError, emulatorEnvironment, emulatorEvents } from '../../src/index.js';

test('gives the four variables that every AWS tool reads', () => {
  expect(emulatorEnvironment({ endpoint: 'http://127.0.0.1:4597' }, 'eu-central-1')).toEqual({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4597',
    AWS_ACCESS_KEY_ID: 'emulator',
    AWS_SECRET_ACCESS_KEY: 'emulator',
    AWS_REGION: 'eu-central-1',
  });
});

test('says the meaning and the way out of every error code', () => {
  for (const [code, sentence] of Object.entries(EMULATOR_ERRORS)) {
    expect(code).toMatch(/^EMULATOR_[A-Z_]+$/);
    expect(sentence).toContain(' · ');
  }
  const error = portTaken(4597, 'another program');
  expect(error).toBeInstanceOf(EmulatorError);
  expect(isJenkinsAwsError(error)).toBe(true);
  expect(installFailed('no route').message).toMatch(/no route; .* once, or work without/);
});

test('declares every event under its own code in one line', () => {
  const codes = Object.values(emulatorEvents).map((event) => event.code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^emulator\.[a-z]+\.[a-z]+$/);
  for (const { description } of Object.values(emulatorEvents)) expect(description).toMatch(/^[a-z].*[^.]$/);
  expect(emulatorEvents.starting({ port: 1, reason: 'outdated' }).message).toContain('its state is kept');
});
