// Holds the house rules: who may import whom, what library code may say, each package's shape.
// What is allowed nevertheless stands in house-exceptions.json with its reason; an exception that nothing needs fails.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { discoverPackages, repositoryRoot } from '../build/discover.mjs';
import { judgeCode, judgeText } from './house/code.mjs';
import { judgeLibrary } from './house/shape.mjs';
import { filesBelow, readSource } from './house/source.mjs';
import { judgeImports } from './house/who-may-enter.mjs';
import { runAsProgram } from './lib/results.mjs';

const IS_CODE = /\.(ts|mts|js|mjs)$/;
const EXCEPTIONS = 'tooling/checks/house-exceptions.json';
const LONGEST_FILE = 300;
const LONGEST_INDEX = 40;
const MOST_EXPORTS = 25;
const FEWEST_EXPORTS = 5;

/**
 * All that breaks a rule below `root`, and what is only worth a look.
 *
 * @param {string} root
 * @returns {{ findings: import('./house/source.mjs').Finding[], warnings: import('./house/source.mjs').Finding[] }}
 */
export function judgeHouse(root) {
  const members = discoverPackages(['packages', 'apps', 'examples'], root);
  const folderByName = new Map(members.map(({ folder, manifest }) => [manifest.name, folder]));
  const findings = [];
  const warnings = [];
  for (const member of members) {
    const [group] = member.folder.split('/');
    if (group === 'packages') findings.push(...judgeLibrary(root, member));
    const shipped = group === 'examples' ? member.folder : `${member.folder}/src`;
    const files = [...filesBelow(root, shipped), ...filesBelow(root, `${member.folder}/overlay`)].filter(
      (file) => !file.startsWith(`${member.folder}/test/`),
    );
    for (const file of files) {
      findings.push(...judgeText(file, readFileSync(join(root, file), 'utf8')));
      if (!IS_CODE.test(file)) continue;
      const source = readSource(root, file);
      findings.push(...judgeImports(member, source, folderByName));
      if (group !== 'examples') findings.push(...judgeCode(source, { library: group === 'packages' }));
      warnings.push(...worthALook(member, source));
    }
  }
  return { ...withoutExceptions(root, findings), warnings };
}

function worthALook(member, source) {
  const lines = source.text.split('\n').length - 1;
  const warn = (message) => ({ rule: 'size', file: source.file, message });
  const found = [];
  if (lines > LONGEST_FILE) found.push(warn(`${lines} lines: more than ${LONGEST_FILE} want a reason`));
  if (source.file !== `${member.folder}/src/index.ts`) return found;
  if (lines > LONGEST_INDEX) found.push(warn(`${lines} lines: an index stays under ${LONGEST_INDEX}`));
  const count = source.exportNames.length;
  if (count > MOST_EXPORTS || count < FEWEST_EXPORTS) {
    found.push(warn(`${count} exports: a main entry has ${FEWEST_EXPORTS} to ${MOST_EXPORTS}`));
  }
  return found;
}

function withoutExceptions(root, findings) {
  const file = join(root, EXCEPTIONS);
  const exceptions = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const matches = (exception, finding) => exception.rule === finding.rule && exception.file === finding.file;
  const bad = exceptions.flatMap((exception) => {
    const problem = (message) => [
      { rule: 'exception', file: EXCEPTIONS, message: `${exception.rule} in ${exception.file} ${message}` },
    ];
    if (!exception.reason || exception.reason.length < 20) return problem('has no real reason');
    return findings.some((finding) => matches(exception, finding)) ? [] : problem('is not needed any more: remove it');
  });
  return {
    findings: [...findings.filter((each) => !exceptions.some((exception) => matches(exception, each))), ...bad],
  };
}

/** @returns {import('./lib/results.mjs').Result[]} */
export function checkHouse() {
  const { findings, warnings } = judgeHouse(repositoryRoot);
  const line = ({ rule, file, line, message }) => `${file}${line === undefined ? '' : `:${line}`} ${rule}: ${message}`;
  return [
    {
      name: 'house rules: who imports whom, library code, package shape',
      status: findings.length === 0 ? 'passed' : 'failed',
      detail: findings.map(line).join('\n'),
      note: warnings.map((each) => `worth a look: ${line(each)}`).join('\n'),
    },
  ];
}

await runAsProgram(import.meta.url, checkHouse);
