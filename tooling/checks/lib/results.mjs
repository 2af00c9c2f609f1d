import { pathToFileURL } from 'node:url';

/**
 * @typedef {{ name: string, status: 'passed' | 'failed' | 'skipped', detail?: string, note?: string, seconds?: number }} Result
 *
 * What one check says. `detail` is shown when it did not pass, `note` always.
 */

/** In CI everything must run: what a person's machine may lack is a failure there. */
export const inCi = process.env.CI === 'true' || process.env.CI === '1';

/**
 * A check that cannot run here for want of `what`: said loudly, and a failure in CI.
 *
 * @returns {Result}
 */
export function missing(name, what) {
  return { name, status: inCi ? 'failed' : 'skipped', detail: `needs ${what}, which is not here` };
}

/** @param {Result} result */
export function print({ name, status, detail, note, seconds }) {
  const mark = { passed: 'ok  ', failed: 'FAIL', skipped: 'SKIP' }[status];
  const time = seconds !== undefined && seconds >= 1 ? ` (${seconds.toFixed(1)} s)` : '';
  console.log(`${mark} ${name}${time}`);
  const text = [note, status === 'passed' ? undefined : detail].filter(Boolean).join('\n');
  if (text) console.log(text.trimEnd().replace(/^/gm, '       '));
}

/**
 * Lets a check be run alone: `node tooling/checks/house.mjs`.
 *
 * @param {string} url the check's `import.meta.url`
 * @param {() => Result[] | Promise<Result[]>} check
 */
export async function runAsProgram(url, check) {
  if (process.argv[1] === undefined || pathToFileURL(process.argv[1]).href !== url) return;
  const results = await check();
  for (const result of results) print(result);
  process.exitCode = results.some(({ status }) => status === 'failed') ? 1 : 0;
}
