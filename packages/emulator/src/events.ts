import { defineEvent } from '@jenkins-aws/core';

/** Every event of this package. */
export const emulatorEvents = {
  pythonFound: defineEvent<{ command: string; version: string }>({
    code: 'emulator.python.found',
    level: 'debug',
    description: 'A Python that can run the emulator was found.',
    message: ({ command, version }) => `found Python ${version} (${command})`,
  }),
  installing: defineEvent<{ directory: string }>({
    code: 'emulator.install.started',
    level: 'info',
    description: 'The emulator is being installed into its private Python environment. It happens once.',
    message: ({ directory }) => `installing the embedded AWS into ${directory} (once)`,
  }),
  installed: defineEvent<{ seconds: number }>({
    code: 'emulator.install.finished',
    level: 'info',
    description: 'The emulator was installed.',
    message: ({ seconds }) => `installed the embedded AWS in ${seconds.toFixed(1)} s`,
  }),
  starting: defineEvent<{ port: number; reason: 'stopped' | 'outdated' }>({
    code: 'emulator.start.started',
    level: 'info',
    description: 'The emulator is being started; an outdated one is stopped before, its state is kept.',
    message: ({ port, reason }) =>
      reason === 'outdated'
        ? `restarting the embedded AWS on port ${port}: it is of another version, its state is kept`
        : `starting the embedded AWS on port ${port}`,
  }),
  ready: defineEvent<{ endpoint: string; pid: number; seconds: number }>({
    code: 'emulator.start.finished',
    level: 'info',
    description: 'The emulator answers.',
    message: ({ endpoint, seconds }) => `the embedded AWS is ready at ${endpoint} after ${seconds.toFixed(1)} s`,
  }),
  reused: defineEvent<{ endpoint: string; pid: number }>({
    code: 'emulator.start.reused',
    level: 'info',
    description: 'A running emulator of ours is used.',
    message: ({ endpoint }) => `using the embedded AWS at ${endpoint}`,
  }),
  stopped: defineEvent<{ pid: number }>({
    code: 'emulator.stop.finished',
    level: 'info',
    description: 'The emulator was stopped; its state is kept.',
    message: ({ pid }) => `stopped the embedded AWS (process ${pid})`,
  }),
  reset: defineEvent<{ directory: string }>({
    code: 'emulator.reset.finished',
    level: 'info',
    description: 'Everything in the emulator was deleted.',
    message: ({ directory }) => `deleted everything in the embedded AWS at ${directory}`,
  }),
};
