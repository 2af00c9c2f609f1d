import { checkAccepted } from './accepted.mjs';
import { checkApiDocs } from './api-docs.mjs';
import { checkApiReports } from './api-reports.mjs';
import { checkTemplates } from './cfn-lint.mjs';
import { checkChangesets } from './changesets.mjs';
import { checkDocs } from './docs.mjs';
import { checkExamples } from './examples.mjs';
import { checkHouse } from './house.mjs';
import { commandCheck } from './lib/commands.mjs';
import { tool } from './lib/folders.mjs';
import { pnpm, quietTools } from './lib/install.mjs';
import { print, totals } from './lib/results.mjs';
import { checkLogicalIds } from './logical-ids.mjs';
import { checkPackages } from './packages.mjs';
import { checkSmoke } from './smoke.mjs';
import { checkTests } from './vitest.mjs';
import { checkWhitepaper } from './whitepaper.mjs';

const turbo = (task) => pnpm('exec', 'turbo', 'run', task, '--output-logs=errors-only', '--continue');
const node = process.execPath;

/** In the order in which they run: each is told alone, and none is left out because another failed. */
const CHECKS = [
  () => commandCheck('build', ...turbo('build'), { env: quietTools }),
  () => commandCheck('declarations (tsc --build)', tool('tsc'), ['--build']),
  () => commandCheck('templates', ...turbo('templates'), { env: quietTools }),
  () => commandCheck('tests and examples compile', tool('tsc'), ['-p', 'tsconfig.tests.json', '--noEmit']),
  () => commandCheck('biome', tool('biome'), ['ci', '--colors=off', '.']),
  () => commandCheck('tsconfig references', node, ['tooling/build/sync-tsconfig.mjs', '--check']),
  () => commandCheck('knip', tool('knip'), ['--no-progress', '--no-config-hints']),
  checkHouse,
  checkExamples,
  checkChangesets,
  checkWhitepaper,
  checkDocs,
  checkApiReports,
  checkApiDocs,
  checkTests,
  checkPackages,
  checkTemplates,
  checkLogicalIds,
  checkAccepted,
  checkSmoke,
];

/**
 * Runs every check and prints what each says, then everything that did not pass, then the count.
 *
 * @returns {Promise<number>} the exit status
 */
export async function runSuite() {
  const started = Date.now();
  const results = [];
  for (const check of CHECKS) {
    const told = await Promise.resolve()
      .then(check)
      .catch((error) => [{ name: check.name || 'a check', status: 'failed', detail: error.stack }]);
    for (const result of told) print(result);
    results.push(...told);
  }
  const left = results.filter(({ status }) => status !== 'passed');
  if (left.length > 0)
    console.log(`\nNot passed:\n${left.map(({ name, status }) => `  ${status} ${name}`).join('\n')}`);
  console.log(`\n${((Date.now() - started) / 1000).toFixed(0)} s in all`);
  console.log(totals(results));
  return left.some(({ status }) => status === 'failed') ? 1 : 0;
}
