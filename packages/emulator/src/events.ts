import { defineEvent } from '@jenkins-aws/core';

/** Every event of this package. */
export const emulatorEvents = {
  pythonFound: defineEvent<{ command: string; version: string }, 'emulator.python.found'>({
    code: 'emulator.python.found',
    level: 'debug',
    description: 'a Python that can run the emulator was found',
    message: ({ command, version }) => `found Python ${version} (${command})`,
  }),
  installing: defineEvent<{ directory: string }, 'emulator.install.started'>({
    code: 'emulator.install.started',
    level: 'info',
    description: 'the emulator is being installed into its private Python environment, once',
    message: ({ directory }) => `installing the embedded AWS into ${directory} (once)`,
  }),
  installed: defineEvent<{ seconds: number }, 'emulator.install.finished'>({
    code: 'emulator.install.finished',
    level: 'info',
    description: 'the emulator was installed',
    message: ({ seconds }) => `installed the embedded AWS in ${seconds.toFixed(1)} s`,
  }),
  starting: defineEvent<{ port: number; reason: 'stopped' | 'outdated' }, 'emulator.start.started'>({
    code: 'emulator.start.started',
    level: 'info',
    description: 'the emulator is being started; an outdated one is stopped before, its state is kept',
    message: ({ port, reason }) =>
      reason === 'outdated'
        ? `restarting the embedded AWS on port ${port}: it is of another version, its state is kept`
        : `starting the embedded AWS on port ${port}`,
  }),
  ready: defineEvent<{ endpoint: string; pid: number; seconds: number }, 'emulator.start.finished'>({
    code: 'emulator.start.finished',
    level: 'info',
    description: 'the emulator answers',
    message: ({ endpoint, seconds }) => `the embedded AWS is ready at ${endpoint} after ${seconds.toFixed(1)} s`,
  }),
  reused: defineEvent<{ endpoint: string; pid: number }, 'emulator.start.reused'>({
    code: 'emulator.start.reused',
    level: 'info',
    description: 'a running emulator of ours is used',
    message: ({ endpoint }) => `using the embedded AWS at ${endpoint}`,
  }),
  stopped: defineEvent<{ pid: number }, 'emulator.stop.finished'>({
    code: 'emulator.stop.finished',
    level: 'info',
    description: 'the emulator was stopped; its state is kept',
    message: ({ pid }) => `stopped the embedded AWS (process ${pid})`,
  }),
  reset: defineEvent<{ directory: string }, 'emulator.reset.finished'>({
    code: 'emulator.reset.finished',
    level: 'info',
    description: 'everything in the emulator was deleted',
    message: ({ directory }) => `deleted everything in the embedded AWS at ${directory}`,
  }),
  targetHealthSet: defineEvent<{ target: string; health: string }, 'emulator.target.set'>({
    code: 'emulator.target.set',
    level: 'info',
    description: 'a target or an instance fails its checks from now on, or does so no more',
    message: ({ target, health }) => `${target} is ${health} from now on`,
  }),
  faultsSet: defineEvent<{ rules: number; summary: string }, 'emulator.faults.set'>({
    code: 'emulator.faults.set',
    level: 'warning',
    description: 'calls to the emulator fail from now on as its fault rules say, also after a restart',
    message: ({ summary }) => `the embedded AWS fails on request from now on: ${summary}`,
  }),
  faultsCleared: defineEvent<Record<never, never>, 'emulator.faults.cleared'>({
    code: 'emulator.faults.cleared',
    level: 'info',
    description: 'no fault rule is left in the emulator',
    message: () => 'the embedded AWS fails no longer on request',
  }),
} as const;
