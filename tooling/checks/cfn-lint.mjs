// cfn-lint on every template: what `plan --out` writes for each example and each config here, and every shipped file.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { repositoryRoot } from '../build/discover.mjs';
import { acceptedFindings, withoutAccepted } from './lib/accepted.mjs';
import { cacheFolder } from './lib/folders.mjs';
import { run } from './lib/process.mjs';
import { missing, runAsProgram } from './lib/results.mjs';
import { collectTemplates } from './lib/templates.mjs';

const REQUIREMENTS = join(repositoryRoot, 'tooling', 'checks', 'requirements-lint.lock');
/** Of what cfn-lint only mentions: data that a replaced or deleted resource would take with it. */
const INFORMATION = ['I3011', 'I3013'];

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
  const { templates, results } = await collectTemplates();
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
