// Every example: explained, proved, and shown in the root's README in a few lines of its own.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../build/discover.mjs';
import { discoverExamples } from './lib/examples.mjs';
import { runAsProgram } from './lib/results.mjs';

const MOST_LINES = 5;
const CONFIG_FILE = /^jenkins-aws\.config\.(ya?ml|json)$/;
const ONLY_CLOSES = /^[\s)\]};,]*$/;

/**
 * What is wrong with the examples below `root`.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function judgeExamples(root) {
  const file = join(root, 'README.md');
  const markdown = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const shown = [...markdown.matchAll(/<!-- example:([\w-]+):start -->/g)].map(([, name]) => name);
  const examples = discoverExamples(root);
  const problems = shown
    .filter((name) => !examples.some((example) => example.name === name))
    .map((name) => `README.md shows the example ${name}, which is not there`);
  for (const { name, path, files, excerpts } of examples) {
    const problem = (message) => problems.push(`examples/${name} ${message}`);
    const hasConfig = files.some((each) => CONFIG_FILE.test(each));
    const hasTest = files.some((each) => /^test\/\w+\/.*\.test\.ts$/.test(each));
    const readme = files.includes('README.md') ? readFileSync(join(path, 'README.md'), 'utf8') : '';
    if (!/^# \S/.test(readme)) problem('has no README.md with a title');
    // A config is planned and its templates are judged with all others.
    if (!hasConfig && !hasTest) problem('has neither a config nor a test: nothing proves that it works');
    if (hasConfig) {
      if (!markdown.includes(`examples/${name}`)) problem('is not linked from README.md');
      continue;
    }
    if (excerpts.length !== 1) problem(`has ${excerpts.length} parts between readme:start and readme:end, not one`);
    for (const { file: source, lines } of excerpts) {
      const count = lines.filter((line) => !ONLY_CLOSES.test(line)).length;
      if (count > MOST_LINES) problem(`shows ${count} lines of ${source}, ${MOST_LINES} at most`);
    }
    if (!shown.includes(name)) problem(`is not in README.md: put <!-- example:${name}:start --> and :end there`);
  }
  return problems;
}

/** @returns {import('./lib/results.mjs').Result[]} */
export function checkExamples() {
  const problems = judgeExamples(repositoryRoot);
  const status = problems.length === 0 ? 'passed' : 'failed';
  return [{ name: 'examples are explained, proved and shown', status, detail: problems.join('\n') }];
}

await runAsProgram(import.meta.url, checkExamples);
