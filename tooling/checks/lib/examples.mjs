import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { repositoryRoot } from '../../build/discover.mjs';

/**
 * @typedef {{ file: string, language: string, lines: string[] }} Excerpt
 * @typedef {{ name: string, path: string, files: string[], excerpts: Excerpt[] }} Example
 * `files` are relative to `path` with forward slashes; `excerpts` are the parts that the root's README shows.
 */

const LANGUAGES = { '.ts': 'ts', '.mjs': 'js', '.tf': 'hcl', '.yaml': 'yaml' };
const EXCERPT = /^[ \t]*(?:#|\/\/) readme:start\n([\s\S]*?)^[ \t]*(?:#|\/\/) readme:end$/gm;

function withoutIndent(text) {
  const lines = text.trimEnd().split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent));
}

function excerptsOf(path, file) {
  const language = LANGUAGES[extname(file)];
  if (language === undefined) return [];
  return [...readFileSync(join(path, file), 'utf8').matchAll(EXCERPT)].map(([, text]) => ({
    file,
    language,
    lines: withoutIndent(text),
  }));
}

/**
 * Every folder below `examples`, read from disk.
 *
 * @returns {Example[]}
 */
export function discoverExamples(root = repositoryRoot) {
  const folder = join(root, 'examples');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const path = join(folder, name);
      const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
        .map((file) => file.replaceAll('\\', '/'))
        .filter((file) => !file.startsWith('node_modules'));
      return { name, path, files, excerpts: files.flatMap((file) => excerptsOf(path, file)) };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}
