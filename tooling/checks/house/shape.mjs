import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSource } from './source.mjs';

const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);
const entryOf = (path) => ({ types: `./dist/${path}.d.ts`, import: `./dist/${path}.js` });

/** Runtime dependencies that do not count: our own, and the SDK's clients that the caller passes in. */
const FREE_DEPENDENCY = /^(@aws-sdk|@smithy|@jenkins-aws)\//;
const MOST_DEPENDENCIES = 3;

/** What the README of every package tells, in any wording that has the word. */
const README_TOPICS = ['permission', 'cost', 'security'];

/**
 * The shape of one publishable library: manifest, entries, README.
 *
 * @param {string} root
 * @param {{ folder: string, path: string, manifest: Record<string, any> }} member
 * @returns {import('./source.mjs').Finding[]}
 */
export function judgeLibrary(root, { folder, path, manifest }) {
  const has = (file) => existsSync(join(path, file));
  const file = `${folder}/package.json`;
  const findings = [];
  const expect = (rule, holds, message) => {
    if (!holds) findings.push({ rule, file, message });
  };
  // Beside these, a subject of its own may have an entry of its own, e.g. `./drift` from `src/drift.ts`.
  const named = Object.keys(manifest.exports ?? {}).flatMap((name) => /^\.\/([a-z-]+)$/.exec(name)?.[1] ?? []);
  const subjects = named.filter((name) => name !== 'template' && has(`src/${name}.ts`));
  const exports = {
    '.': entryOf('index'),
    ...Object.fromEntries(subjects.map((name) => [`./${name}`, entryOf(name)])),
    ...(has('src/cdk/index.ts') ? { './cdk': entryOf('cdk/index') } : {}),
    ...(has('src/template.ts') ? { './template': entryOf('template') } : {}),
  };
  // What tsc remembers of its last run is as large as the rest of some packages.
  const files = ['dist', '!dist/.tsbuildinfo', ...madeFiles(manifest)];

  expect('entry', has('src/index.ts'), 'has no src/index.ts');
  expect('exports-map', same(manifest.exports, exports), `"exports" must be ${JSON.stringify(exports)}`);
  expect('files', same(manifest.files, files), `"files" must be ${JSON.stringify(files)}`);
  expect('engines', same(manifest.engines, { node: '>=20.19' }), '"engines" must be {"node":">=20.19"}');
  expect('side-effects', manifest.sideEffects === false, '"sideEffects" must be false');
  expect('module-type', manifest.type === 'module', '"type" must be "module"');
  expect('licence', manifest.license === 'Apache-2.0', '"license" must be "Apache-2.0"');
  expect('description', Boolean(manifest.description), 'has no "description"');
  expect(
    'name',
    manifest.name === `@jenkins-aws/${folder.split('/')[1]}`,
    `"name" must be @jenkins-aws/${folder.split('/')[1]}`,
  );
  expect('access', manifest.publishConfig?.access === 'public', '"publishConfig.access" must be "public"');

  const runtime = Object.entries(manifest.dependencies ?? {});
  const counted = runtime.filter(([name]) => !FREE_DEPENDENCY.test(name)).map(([name]) => name);
  expect(
    'few-dependencies',
    counted.length <= MOST_DEPENDENCIES,
    `${MOST_DEPENDENCIES} runtime dependencies at most, got ${counted.join(', ')}`,
  );
  expect('core-is-bare', folder !== 'packages/core' || runtime.length === 0, 'core has no dependencies');
  for (const [name, range] of runtime) {
    if (name.startsWith('@aws-sdk/')) expect('sdk-range', range === '^3', `${name} must be "^3", got "${range}"`);
    expect(
      'cdk-is-peer',
      !/^(aws-cdk-lib|constructs)$/.test(name),
      `${name} must be an optional peer, not a dependency`,
    );
  }
  if ('./cdk' in exports || './template' in exports) {
    for (const peer of ['aws-cdk-lib', 'constructs']) {
      const optional =
        manifest.peerDependencies?.[peer] !== undefined && manifest.peerDependenciesMeta?.[peer]?.optional === true;
      expect('cdk-is-peer', optional, `${peer} must be an optional peer`);
    }
  }
  return [
    ...findings,
    ...judgeEntries(root, folder, subjects),
    ...judgeReadme(folder, path, manifest, './cdk' in exports),
  ];
}

/** What the `templates` script makes beside `dist`: ready CloudFormation files, or JSON files that the manifest names. */
function madeFiles({ scripts, files = [] }) {
  if (scripts?.templates === undefined) return [];
  if (scripts.templates.includes('write-templates.mjs')) return ['templates'];
  return files.filter((file) => file.endsWith('.json'));
}

function judgeEntries(root, folder, subjects) {
  const findings = [];
  for (const entry of ['src/index.ts', 'src/cdk/index.ts', ...subjects.map((name) => `src/${name}.ts`)]) {
    const file = `${folder}/${entry}`;
    if (!existsSync(join(root, file))) continue;
    const source = readSource(root, file);
    for (const statement of source.statements) {
      if (statement.type === 'ExportNamedDeclaration' && statement.source) continue;
      const message = 'an index is named re-exports only';
      findings.push({ rule: 'index-only-exports', file, line: source.lineOf(statement.start), message });
    }
    if (entry !== 'src/index.ts') continue;
    for (const [room, pattern] of [
      ['errors', /_ERRORS$/],
      ['events', /Events$/],
    ]) {
      if (folder === 'packages/core' || !existsSync(join(root, folder, 'src', `${room}.ts`))) continue;
      if (source.exportNames.some((name) => pattern.test(name))) continue;
      findings.push({
        rule: 'codes-exported',
        file,
        message: `must export the ${room} of src/${room}.ts (a name like ${pattern.source})`,
      });
    }
  }
  return findings;
}

function judgeReadme(folder, path, manifest, hasCdk) {
  const file = `${folder}/README.md`;
  const problem = (message) => ({ rule: 'readme', file, message });
  if (!existsSync(join(path, 'README.md'))) return [problem('has no README.md')];
  const text = readFileSync(join(path, 'README.md'), 'utf8');
  const findings = [];
  if (!new RegExp(`^# ${manifest.name}$`, 'm').test(text))
    findings.push(problem(`must start with '# ${manifest.name}'`));
  if (!new RegExp(`npm (i|install) [^\\n]*${manifest.name}\\b`).test(text))
    findings.push(problem(`must say how to install ${manifest.name}`));
  const first = firstSnippet(text);
  if (first === undefined) findings.push(problem('has no ```ts block'));
  else if (!new RegExp(`from '${manifest.name}'`).test(first))
    findings.push(problem(`its first \`\`\`ts block must import from '${manifest.name}'`));
  else if (/'(aws-cdk-lib|constructs)\b|\/(cdk|template)'/.test(first))
    findings.push(problem('its first ```ts block must run without CDK'));
  if (hasCdk && !text.includes(`'${manifest.name}/cdk'`))
    findings.push(problem(`must show the shortest use of '${manifest.name}/cdk'`));
  for (const topic of README_TOPICS) {
    if (!text.toLowerCase().includes(topic)) findings.push(problem(`says nothing about ${topic}`));
  }
  return findings;
}

/** The first TypeScript block of a README: what the smoke test runs from the packed tarball. */
export function firstSnippet(markdown) {
  return /^```(?:ts|typescript)\n([\s\S]*?)^```/m.exec(markdown)?.[1];
}
