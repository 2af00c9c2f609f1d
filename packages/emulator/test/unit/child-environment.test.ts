import { expect, test } from 'vitest';
import { childEnvironment } from '../../src/internal/child-environment.js';

const caller = {
  PATH: '/bin',
  HOME: '/home/me',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  HTTPS_PROXY: 'http://proxy:3128',
  PIP_INDEX_URL: 'https://index/simple',
  PIP_TARGET: '/elsewhere',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_PROFILE: 'production',
  GITHUB_TOKEN: 'secret',
  LAMBDA_EXECUTOR: 'local',
  PYTHONPATH: '/elsewhere',
  UNSET: undefined,
};

test('hands on to the emulator what a program needs and nothing else', () => {
  expect(childEnvironment('run', caller)).toEqual({ PATH: '/bin', HOME: '/home/me', LC_ALL: 'C.UTF-8', TZ: 'UTC' });
});

test('hands on to the installation how the package index is reached, and no secret', () => {
  expect(childEnvironment('install', caller)).toEqual({
    PATH: '/bin',
    HOME: '/home/me',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    HTTPS_PROXY: 'http://proxy:3128',
    PIP_INDEX_URL: 'https://index/simple',
  });
});
