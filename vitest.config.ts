import { defineConfig } from 'vitest/config';

const folders = (kind: string) => [`{packages,apps,tooling,examples}/*/test/${kind}/**/*.test.ts`];

// `unit` is pure. `cdk` synthesizes: the first synth of a process takes seconds. `process` runs the CLI as a person
// does. `emulator` and `boot` run real processes, one file at a time: they share two cores.
const slow = { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false };

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: folders('unit') } },
      { test: { name: 'cdk', include: folders('cdk'), testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'process', include: folders('process'), testTimeout: 60_000 } },
      { test: { name: 'emulator', include: folders('emulator'), ...slow } },
      { test: { name: 'boot', include: folders('boot'), ...slow } },
    ],
  },
});
