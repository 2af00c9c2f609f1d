// Every test of every package, counted one by one from vitest's own report.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repositoryRoot } from '../build/discover.mjs';
import { cacheFolder, tool } from './lib/folders.mjs';
import { run } from './lib/process.mjs';
import { inCi, runAsProgram } from './lib/results.mjs';

/** One run each: all but the first start real processes and must not share the machine with other tests. */
const RUNS = [['unit', 'cdk'], ['process'], ['emulator'], ['boot']];

/** Projects of vitest's configuration that no run has: their tests would be written and never executed. */
export function forgottenProjects(configuration, runs = RUNS) {
  const projects = [...configuration.matchAll(/\bname: '([\w-]+)'/g)].map(([, name]) => name);
  return projects.filter((project) => !runs.flat().includes(project));
}

/**
 * Counts a vitest JSON report. A file that could not be loaded has no tests and counts as one failure; in CI so does
 * a test that was skipped, for there everything has to run.
 *
 * @param {any} report
 * @param {{ ci: boolean, root: string }} where
 * @returns {import('./lib/results.mjs').Result[]}
 */
export function countTests(report, { ci, root }) {
  return report.testResults.flatMap((file) => {
    const where = relative(root, file.name);
    if (file.assertionResults.length === 0) {
      const status = file.status === 'failed' ? 'failed' : 'passed';
      return status === 'failed' ? [{ name: where, status, detail: file.message || 'could not be loaded' }] : [];
    }
    const tests = file.assertionResults.map((test) => {
      const name = `${where} › ${test.fullName}`;
      if (test.status === 'passed') return { name, status: 'passed' };
      if (test.status === 'failed') return { name, status: 'failed', detail: test.failureMessages.join('\n') };
      return {
        name,
        status: ci ? 'failed' : 'skipped',
        detail: 'skipped by the test itself: something it needs is not here',
      };
    });
    // A hook that fails after green tests leaves no failed test behind.
    const hidden = file.status === 'failed' && tests.every(({ status }) => status !== 'failed');
    return hidden
      ? [...tests, { name: where, status: 'failed', detail: file.message || 'failed outside of its tests' }]
      : tests;
  });
}

async function runProjects(projects) {
  const file = join(cacheFolder, `vitest-${projects.join('-')}.json`);
  mkdirSync(cacheFolder, { recursive: true });
  rmSync(file, { force: true });
  const flags = projects.flatMap((project) => ['--project', project]);
  const parameters = ['run', ...flags, '--passWithNoTests', '--reporter=json', `--outputFile=${file}`];
  const { status, output, seconds } = await run(tool('vitest'), parameters);
  const title = `vitest ${projects.join(' ')}`;
  if (!existsSync(file)) {
    // Without a report only "there are no tests" is good.
    return [
      {
        name: title,
        status: status === 0 ? 'passed' : 'failed',
        detail: output,
        note: status === 0 ? output : undefined,
        seconds,
      },
    ];
  }
  const tests = countTests(JSON.parse(readFileSync(file, 'utf8')), { ci: inCi, root: repositoryRoot });
  const failed = tests.some((test) => test.status === 'failed');
  // Unhandled errors fail a run without failing a test.
  if (status !== 0 && !failed) tests.push({ name: title, status: 'failed', detail: output });
  const passed = tests.filter((test) => test.status === 'passed').length;
  const others = tests.filter((test) => test.status !== 'passed');
  return passed === 0 ? others : [{ name: title, status: 'passed', count: passed, seconds }, ...others];
}

/** @returns {Promise<import('./lib/results.mjs').Result[]>} */
export async function checkTests() {
  const forgotten = forgottenProjects(readFileSync(join(repositoryRoot, 'vitest.config.ts'), 'utf8'));
  const results = forgotten.map((project) => ({
    name: `vitest ${project}`,
    status: 'failed',
    detail: `no run of tooling/checks/vitest.mjs has the project ${project}`,
  }));
  for (const projects of RUNS) results.push(...(await runProjects(projects)));
  return results;
}

await runAsProgram(import.meta.url, checkTests);
