// cfn-lint on every template: what `plan --out` writes for each example and each config here, and every shipped file.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../build/discover.mjs';
import { acceptedFindings, withoutAccepted } from './lib/accepted.mjs';
import { cacheFolder, cliBinary, publishable } from './lib/folders.mjs';
import { run } from './lib/process.mjs';
import { missing, runAsProgram } from './lib/results.mjs';

const REQUIREMENTS = join(repositoryRoot, 'tooling', 'checks', 'requirements-lint.lock');
/** Of what cfn-lint only mentions: data that a replaced or deleted resource would take with it. */
const INFORMATION = ['I3011', 'I3013'];
const CONFIG_FILE = /^jenkins-aws\.config\.(ya?ml|json)$/;

/** The path of a cfn-lint of exactly the locked versions, or why there is none. */
async function ensureCfnLint() {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder, `cfn-lint-${digest}`);
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const done = join(folder, 'complete');
  if (existsSync(done)) return { path: join(bin, 'cfn-lint') };
  rmSync(folder, { recursive: true, force: true });
  const venv = await run('python3', ['-m', 'venv', folder]);
  if (venv.status !== 0) return { why: `Python 3.10 with venv (${venv.output.trim().split('\n').at(-1)})` };
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '-r',
    REQUIREMENTS,
  ];
  const pip = await run(join(bin, 'python3'), install);
  if (pip.status !== 0) return { why: `cfn-lint from PyPI (${pip.output.trim().split('\n').at(-1)})` };
  writeFileSync(done, '');
  return { path: join(bin, 'cfn-lint') };
}

/** Every config whose templates are judged: the examples', and those here that show other shapes. */
export function configFiles(root = repositoryRoot) {
  const below = (folder, wanted) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .filter((file) => !file.includes('node_modules') && wanted(basename(file)))
          .map((file) => join(root, folder, file))
      : [];
  return [
    ...below('examples', (name) => CONFIG_FILE.test(name)),
    ...below(join('tooling', 'checks', 'configs'), (name) => /\.(ya?ml|json)$/.test(name)),
  ].sort();
}

/** @returns {Promise<{ file: string, stack: string, region: string | undefined }[]>} */
async function planned(config) {
  const folder = join(cacheFolder, 'plans', relative(repositoryRoot, config).replaceAll(/[\\/]/g, '-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { status, output } = await run(process.execPath, [cliBinary, 'plan', '-c', config, '--out', folder]);
  if (status !== 0) throw new Error(`plan -c ${config} ended with ${status}:\n${output}`);
  const written = readdirSync(folder).filter((file) => file.endsWith('.template.json'));
  if (written.length === 0) throw new Error(`plan -c ${config} --out wrote no template`);
  const { region } = parse(readFileSync(config, 'utf8'));
  return written.map((file) => ({ file: join(folder, file), stack: file.replace('.template.json', ''), region }));
}

/** The ready files of one package. */
function shipped({ folder, path }) {
  const from = join(path, 'templates');
  const files = existsSync(from) ? readdirSync(from).filter((file) => file.endsWith('.json')) : [];
  if (files.length === 0) throw new Error(`${folder} ships templates, but has none: did its build run?`);
  return files.map((file) => ({ file: join(from, file), stack: file.replace('.json', ''), region: undefined }));
}

/** Every template there is, and one result for each place that they come from. */
async function collect() {
  const sources = [
    ...publishable()
      .filter(({ manifest }) => manifest.files.includes('templates'))
      .map((member) => [`templates of ${member.folder}`, () => shipped(member)]),
    ...configFiles().map((config) => [`plan ${relative(repositoryRoot, config)}`, () => planned(config)]),
  ];
  const templates = [];
  const results = [];
  for (const [name, read] of sources) {
    try {
      templates.push(...(await read()));
      results.push({ name, status: 'passed' });
    } catch (error) {
      results.push({ name, status: 'failed', detail: error.message });
    }
  }
  return { templates, results };
}

async function lint(path, templates) {
  const found = [];
  const regions = new Set(templates.map(({ region }) => region));
  for (const region of regions) {
    const batch = templates.filter((each) => each.region === region);
    const flags = [
      '--format',
      'json',
      '--include-checks',
      ...INFORMATION,
      ...(region === undefined ? [] : ['--regions', region]),
    ];
    const { status, stdout, output } = await run(path, [...flags, '--template', ...batch.map(({ file }) => file)]);
    // 2, 4 and 8 are bits for errors, warnings and information; 1 is cfn-lint's own failure.
    if (status < 0 || (status & 1) !== 0) throw new Error(`cfn-lint ended with ${status}:\n${output}`);
    for (const { Rule, Location, Filename, Message } of JSON.parse(stdout || '[]')) {
      const stack = batch.find(({ file }) => file === Filename)?.stack ?? basename(Filename);
      const [section, name] = Location.Path ?? [];
      found.push({
        rule: Rule.Id,
        where: `${stack}/${section === 'Resources' ? name : (section ?? '')}`,
        message: Message,
        file: Filename,
        line: Location.Start.LineNumber,
      });
    }
  }
  return found;
}

/** @returns {Promise<import('./lib/results.mjs').Result[]>} */
export async function checkTemplates() {
  const name = 'cfn-lint on every template';
  const { path, why } = await ensureCfnLint();
  if (path === undefined) return [missing(name, why)];
  const { templates, results } = await collect();
  const accepted = acceptedFindings.filter(({ tool }) => tool === 'cfn-lint');
  const { open, unused } = withoutAccepted(accepted, await lint(path, templates));
  const problems = [
    ...open.map(
      ({ rule, where, message, file, line }) =>
        `${relative(repositoryRoot, file)}:${line} ${rule} ${where}: ${message}`,
    ),
    ...unused.map(({ rule, where }) => `accepted-findings.json: ${rule} in ${where} is not needed any more: remove it`),
  ];
  const status = problems.length === 0 ? 'passed' : 'failed';
  return [...results, { name: `${name} (${templates.length} templates)`, status, detail: problems.join('\n') }];
}

await runAsProgram(import.meta.url, checkTemplates);
