import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

const shared = {
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  sourcemap: true,
  // Declarations come from `tsc --build`: tsup's own do not work with TypeScript 7.
  dts: false,
  // Everything in dist but what tsc put there.
  clean: ['!**/*.d.ts', '!.tsbuildinfo'],
};

/** A library: every entry that its manifest names, e.g. `./dist/cdk/index.js` from `src/cdk/index.ts`. */
export function definePackage(overrides = {}) {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  const names = Object.values(exports).map((target) => target.import.replace(/^\.\/dist\/|\.js$/g, ''));
  const entry = Object.fromEntries(
    names.map((name) => [name, `src/${name}.ts`]).filter(([, file]) => existsSync(file)),
  );
  return defineConfig({ ...shared, entry, ...overrides });
}

/** CommonJS dependencies inside of an ES module bundle ask for `require`, which such a module has not. */
const requireBanner = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
].join(' ');

/** A program: one binary whose start loads nothing that the command at hand does not need. */
export function defineApp(overrides = {}) {
  const entry = { bin: 'src/bin.ts' };
  return defineConfig({ ...shared, entry, sourcemap: false, banner: { js: requireBanner }, ...overrides });
}
