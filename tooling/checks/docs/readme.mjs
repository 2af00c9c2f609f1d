import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../build/discover.mjs';
import { discoverExamples } from '../lib/examples.mjs';
import { publishable } from '../lib/folders.mjs';
import { cell } from './built.mjs';

/**
 * Puts `text` between the markers `<!-- name:start -->` and `<!-- name:end -->`.
 *
 * @param {string} markdown
 * @param {string} name
 * @param {string} text
 */
export function between(markdown, name, text) {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const from = markdown.indexOf(start);
  const to = markdown.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no ${start} … ${end}`);
  return `${markdown.slice(0, from + start.length)}\n${text}\n${markdown.slice(to)}`;
}

/** The README with its table of packages, its config and the parts of the examples as they are in the repository. */
export function renderReadme() {
  const rows = publishable().map(({ folder, manifest }) => {
    const extra = Object.keys(manifest.exports ?? {}).filter((entry) => entry !== '.');
    const entries = manifest.bin === undefined ? ['`.`', ...extra.map((entry) => `\`${entry}\``)].join(' ') : 'command';
    return `| [\`${manifest.name}\`](${folder}) | ${cell(manifest.description)} | ${entries} |`;
  });
  const table = ['| Package | What it does | Entries |', '| --- | --- | --- |', ...rows].join('\n');
  const config = readFileSync(join(repositoryRoot, 'examples', 'quickstart', 'jenkins-aws.config.yaml'), 'utf8');
  let markdown = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
  markdown = between(markdown, 'packages', table);
  markdown = between(markdown, 'quickstart', `\`\`\`yaml\n${config.trim()}\n\`\`\``);
  for (const { name, excerpts } of discoverExamples()) {
    for (const { language, lines } of excerpts) {
      markdown = between(markdown, `example:${name}`, `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``);
    }
  }
  return { 'README.md': markdown };
}
