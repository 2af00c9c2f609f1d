import { pathToFileURL } from 'node:url';

/**
 * @typedef {{ name: string, status: 'passed' | 'failed' | 'skipped', detail?: string, note?: string, seconds?: number, count?: number }} Result
 *
 * What one check says. `detail` is shown when it did not pass, `note` always. `count` is how many it stands for: default 1.
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

/** Lines of one result that are printed: enough to mend something, not enough to bury the other checks. */
const LONGEST_DETAIL = 120;

/** @param {Result} result */
export function print({ name, status, detail, note, seconds, count }) {
  const mark = { passed: 'ok  ', failed: 'FAIL', skipped: 'SKIP' }[status];
  const times = count === undefined ? '' : `: ${count} of them`;
  const time = seconds !== undefined && seconds >= 1 ? ` (${seconds.toFixed(1)} s)` : '';
  console.log(`${mark} ${name}${times}${time}`);
  const text = [note, status === 'passed' ? undefined : detail].filter(Boolean).join('\n');
  const lines = text.trimEnd().split('\n');
  const more = lines.length - LONGEST_DETAIL;
  if (more > 0) lines.splice(LONGEST_DETAIL, more, `… and ${more} more lines: run this check alone to see them`);
  if (text) console.log(lines.join('\n').replace(/^/gm, '       '));
}

/**
 * The last line that a run prints, e.g. `412 passed, 0 failed` or `410 passed, 0 failed, 2 skipped`.
 *
 * @param {Result[]} results
 */
export function totals(results) {
  const sum = (status) =>
    results.filter((result) => result.status === status).reduce((total, { count = 1 }) => total + count, 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
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
