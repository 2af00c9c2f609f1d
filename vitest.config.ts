import { defineConfig } from 'vitest/config';

const folders = (kind: string) => [`{packages,apps,tooling,examples}/*/test/${kind}/**/*.test.ts`];

// `unit` is pure. `cdk` synthesizes: the first synth of a process takes seconds. `process` runs the CLI as a person
// does. `emulator` and `boot` run real processes. Those of the emulator mostly wait, so that two files at a time suit two
// cores; those of the boot do not.
const slow = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    projects: [
      // Some start a shell hundreds of times.
      { test: { name: 'unit', include: folders('unit'), testTimeout: 30_000 } },
      { test: { name: 'cdk', include: folders('cdk'), testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'process', include: folders('process'), testTimeout: 60_000 } },
      { test: { name: 'emulator', include: folders('emulator'), ...slow, maxWorkers: 2 } },
      { test: { name: 'boot', include: folders('boot'), ...slow, fileParallelism: false } },
    ],
  },
});
