// What a stranger gets: the packed tarballs in an empty folder, first without CDK, then with it, and the command line.
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { repositoryRoot } from '../build/discover.mjs';
import { firstSnippet } from './house/shape.mjs';
import { publishable } from './lib/folders.mjs';
import { lockedVersions } from './lib/lockfile.mjs';
import { run } from './lib/process.mjs';
import { missing, runAsProgram } from './lib/results.mjs';
import { tarballs } from './lib/tarballs.mjs';

const NODE_MAJORS = [20, 22, 24];
const SNIPPET_SECONDS = 30;
const DEPLOY_SECONDS = 120;
/** Where the tests have installed the emulator's Python already. */
const EMULATOR_CACHE = join(repositoryRoot, 'node_modules', '.cache', 'jenkins-aws-emulator');
const CDK = ['aws-cdk-lib', 'constructs'];

/** What npm tells the scripts that it runs, and what would make an npm inside of one believe it is the same project. */
const outsideOfNpm = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) =>
      /^npm_(package|lifecycle|config_local_prefix|config_prefix|execpath|command|node_execpath)/.test(name),
    )
    .map((name) => [name, undefined]),
);

const passed = (name, seconds) => ({ name, status: 'passed', seconds });
const failed = (name, detail) => ({ name, status: 'failed', detail });
const judge = (name, { status, output, seconds }) => (status === 0 ? passed(name, seconds) : failed(name, output));

/** A folder whose package.json takes our packages from tarballs and everything else in the lockfile's versions. */
function project(folder, dependencies, packed) {
  const ours = Object.fromEntries([...packed].map(([name, file]) => [name, `file:${file}`]));
  const overrides = { ...lockedVersions(), ...ours };
  for (const [name, version] of Object.entries(dependencies)) overrides[name] = version;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'stranger', private: true, type: 'module', dependencies, overrides }),
  );
}

const install = (folder) =>
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: folder,
    env: outsideOfNpm,
  });

/** The Node.js of one major version: this one, or the registry's `node` package. */
async function nodeOf(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const { status, stdout } = await run(
    'npx',
    ['--yes', '--package', `node@${major}`, 'node', '-p', 'process.execPath'],
    {
      cwd: tmpdir(),
      env: outsideOfNpm,
    },
  );
  const path = stdout.trim();
  return status === 0 && path !== '' ? path : undefined;
}

const readmeOf = ({ path }) =>
  existsSync(join(path, 'README.md')) ? readFileSync(join(path, 'README.md'), 'utf8') : '';

async function withoutCdk(folder, libraries, packed) {
  project(
    folder,
    Object.fromEntries(libraries.map(({ manifest: { name } }) => [name, `file:${packed.get(name)}`])),
    packed,
  );
  const installed = await install(folder);
  const results = [judge('packed libraries install without CDK', installed)];
  if (installed.status !== 0) return results;
  const present = CDK.filter((name) => existsSync(join(folder, 'node_modules', name)));
  if (present.length > 0) results.push(failed('no CDK came along', `${present.join(' and ')} got installed`));

  const snippets = libraries.map((member) => ({ name: member.manifest.name, code: firstSnippet(readmeOf(member)) }));
  for (const { name, code } of snippets) {
    if (code === undefined) results.push(failed(`README snippet of ${name}`, 'the README has no ```ts block'));
    else
      writeFileSync(
        join(folder, `${name.split('/')[1]}.mjs`),
        transformSync(code, { loader: 'ts', format: 'esm' }).code,
      );
  }
  for (const major of NODE_MAJORS) {
    const node = await nodeOf(major);
    if (node === undefined) {
      results.push(missing(`README snippets on Node.js ${major}`, `Node.js ${major} from the registry`));
      continue;
    }
    for (const { name } of snippets.filter(({ code }) => code !== undefined)) {
      const ran = await run(node, [`${name.split('/')[1]}.mjs`], { cwd: folder, timeoutSeconds: SNIPPET_SECONDS });
      results.push(judge(`README snippet of ${name} on Node.js ${major}`, ran));
    }
  }
  return [...results, ...(await deployFromTarballs(folder, libraries))];
}

/** A README's programs that deploy a shipped file: each is run as it stands, against an emulator from its own tarball. */
const deployingPrograms = (libraries) =>
  libraries.flatMap((member) =>
    programsIn(readmeOf(member))
      .filter((code) => code.includes('node_modules/@jenkins-aws/'))
      .map((code) => ({ name: member.manifest.name, code })),
  );

/** Lines that a person has to copy, at most. */
const LONGEST_DEPLOYING_PROGRAM = 15;

async function deployFromTarballs(folder, libraries) {
  const programs = deployingPrograms(libraries);
  if (programs.length === 0) return [failed('a README deploys a shipped file', 'no README has such a program')];
  const entry = join(folder, 'node_modules', '@jenkins-aws', 'emulator', 'dist', 'index.js');
  const { emulatorEnvironment, ensureEmulator, stopEmulator } = await import(pathToFileURL(entry).href);
  const stateDirectory = mkdtempSync(join(tmpdir(), 'jenkins-aws-smoke-emulator-'));
  const location = { cacheDirectory: EMULATOR_CACHE, stateDirectory };
  try {
    const emulator = await ensureEmulator({ ...location, port: await freePort() }).catch((error) => error);
    if (emulator instanceof Error)
      return [missing('README programs that deploy', `the emulator (${emulator.message})`)];
    const results = [];
    for (const [index, { name, code }] of programs.entries()) {
      const title = `README program of ${name} deploys a shipped file`;
      const lines = code.trimEnd().split('\n').length;
      if (lines > LONGEST_DEPLOYING_PROGRAM) results.push(failed(title, `${lines} lines are too many to copy`));
      const file = join(folder, `deploys-${index}.mjs`);
      writeFileSync(file, transformSync(code, { loader: 'ts', format: 'esm' }).code);
      const env = emulatorEnvironment(emulator, 'eu-central-1');
      const ran = await run(process.execPath, [file], { cwd: folder, env, timeoutSeconds: DEPLOY_SECONDS });
      results.push(/^created \{/m.test(ran.stdout) ? judge(title, ran) : failed(title, ran.output));
    }
    return results;
  } finally {
    await stopEmulator(location);
    rmSync(stateDirectory, { recursive: true, force: true });
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Every TypeScript block of a README that imports something: it has to compile for the one who copies it. */
const programsIn = (markdown) =>
  [...markdown.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```/gm)]
    .map(([, code]) => code)
    .filter((code) => /^import /m.test(code));

function writeConsumers(folder, libraries) {
  const entries = libraries.flatMap(({ manifest: { name, exports } }) =>
    Object.keys(exports).map((entry) => `${name}${entry.slice(1)}`),
  );
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}';`);
  const files = {
    'every-entry.ts': [
      ...imports,
      `export const entries = [${entries.map((_, index) => `entry${index}`).join(', ')}];`,
      '',
    ].join('\n'),
  };
  for (const member of libraries) {
    for (const [index, code] of programsIn(readmeOf(member)).entries()) {
      files[`${member.manifest.name.split('/')[1]}-readme-${index}.ts`] = code;
    }
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const options = {
    strict: true,
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2022',
    lib: ['es2023'],
    types: ['node'],
    noEmit: true,
    // Types that point at a file which was not packed are errors in the declarations, and only seen when those are checked.
    skipLibCheck: false,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: Object.keys(files) }));
  return entries;
}

/**
 * What the compiler says about our declarations and the consumers. Foreign declarations are not ours to mend, and a
 * README's later programs may use names of the reader's own, such as `stack` or `vpc`.
 */
const ownErrors = (output) =>
  output
    .split('\n')
    .filter((line) => /error TS/.test(line) && !/node_modules\/(?!@jenkins-aws\/)/.test(line))
    .filter((line) => !/-readme-[1-9]\d*\.ts.*error TS(2304|18004):/.test(line));

async function withCdk(folder, libraries, app, packed) {
  const locked = lockedVersions();
  const own = [...libraries, app].map(({ manifest: { name } }) => [name, `file:${packed.get(name)}`]);
  const compiler = { typescript: rootVersion('typescript'), '@types/node': rootVersion('@types/node') };
  const cdk = Object.fromEntries(CDK.map((name) => [name, locked[name]]));
  project(folder, { ...Object.fromEntries(own), ...cdk, ...compiler }, packed);
  const installed = await install(folder);
  const results = [judge('packed packages and the command line install with CDK', installed)];
  if (installed.status !== 0) return results;

  for (const entry of writeConsumers(folder, libraries)) {
    if (!/\/(cdk|template)$/.test(entry)) continue;
    const program = `const entry = await import('${entry}'); if (Object.keys(entry).length === 0) throw new Error('exports nothing');`;
    results.push(
      judge(`import ${entry}`, await run(process.execPath, ['--input-type=module', '-e', program], { cwd: folder })),
    );
  }
  const compiled = await run(join(folder, 'node_modules', '.bin', 'tsc'), ['-p', '.'], { cwd: folder });
  const errors = ownErrors(compiled.output);
  const unexplained = compiled.status !== 0 && !/error TS/.test(compiled.output);
  const name = 'every entry and every README program compile against the packed types';
  results.push(
    errors.length > 0 || unexplained
      ? failed(name, errors.join('\n') || compiled.output)
      : passed(name, compiled.seconds),
  );
  return [...results, ...(await commandLine(folder, app))];
}

/** A development dependency of the repository's root, in its exact version. */
function rootVersion(name) {
  return JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')).devDependencies[name];
}

async function commandLine(folder, app) {
  const binary = join(folder, 'node_modules', '.bin', 'jenkins-aws');
  const call = (...parameters) => run(binary, parameters, { cwd: folder });
  const help = await call('--help');
  const version = await call('--version');
  const exact = version.status === 0 && version.stdout.trim() === app.manifest.version;
  const config = join(repositoryRoot, 'examples', 'quickstart', 'jenkins-aws.config.yaml');
  return [
    judge('packed command line: --help', help),
    exact ? passed('packed command line: --version') : failed('packed command line: --version', version.output),
    judge('packed command line: plan of the quickstart', await call('plan', '-c', config)),
  ];
}

/** @returns {Promise<import('./lib/results.mjs').Result[]>} */
export async function checkSmoke() {
  const packed = await tarballs();
  const members = publishable();
  const libraries = members.filter(({ folder }) => folder.startsWith('packages/'));
  const app = members.find(({ manifest }) => manifest.bin !== undefined);
  const root = mkdtempSync(join(tmpdir(), 'jenkins-aws-smoke-'));
  try {
    return [
      ...(await withoutCdk(join(root, 'without-cdk'), libraries, packed)),
      ...(await withCdk(join(root, 'with-cdk'), libraries, app, packed)),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

await runAsProgram(import.meta.url, checkSmoke);
