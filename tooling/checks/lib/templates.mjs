import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../../build/discover.mjs';
import { cacheFolder, cliBinary, publishable } from './folders.mjs';
import { run } from './process.mjs';

const CONFIG_FILE = /^jenkins-aws\.config\.(ya?ml|json)$/;

/**
 * @typedef {{ source: string, file: string, stack: string, region: string | undefined }} Template
 * `source` is the config or the folder of shipped files that it comes from, as a path from the repository's root;
 * `region` is undefined for a shipped file, which is for every region.
 */

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

/** @returns {Promise<Omit<Template, 'source'>[]>} */
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
  const files = existsSync(from)
    ? readdirSync(from)
        .filter((file) => file.endsWith('.json'))
        .sort()
    : [];
  if (files.length === 0) throw new Error(`${folder} ships templates, but has none: did its build run?`);
  return files.map((file) => ({ file: join(from, file), stack: file.replace('.json', ''), region: undefined }));
}

/** Who ships ready files. */
const shippers = () => publishable().filter(({ manifest }) => manifest.files.includes('templates'));

/**
 * Every ready file that a package ships, as text and as data.
 *
 * @returns {{ folder: string, fileName: string, file: string, text: string, template: Record<string, any> }[]}
 */
export function shippedTemplates() {
  return shippers().flatMap((member) =>
    shipped(member).map(({ file }) => {
      const text = readFileSync(file, 'utf8');
      return { folder: member.folder, fileName: basename(file), file, text, template: JSON.parse(text) };
    }),
  );
}

/** @type {Promise<{ templates: Template[], results: import('./results.mjs').Result[] }> | undefined} */
let collected;

/**
 * Every template there is, and one result for each place that they come from. Planned once in a process, however many
 * checks look at them.
 */
export function collectTemplates() {
  collected ??= collect();
  return collected;
}

async function collect() {
  const sources = [
    ...shippers().map((member) => [`${member.folder}/templates`, () => shipped(member)]),
    ...configFiles().map((config) => [relative(repositoryRoot, config), () => planned(config)]),
  ];
  const templates = [];
  const results = [];
  for (const [source, read] of sources) {
    const name = `templates of ${source}`;
    try {
      templates.push(...(await read()).map((each) => ({ source, ...each })));
      results.push({ name, status: 'passed' });
    } catch (error) {
      results.push({ name, status: 'failed', detail: error.message });
    }
  }
  return { templates, results };
}
