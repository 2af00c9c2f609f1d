import { run } from './process.mjs';

/**
 * A check that is one program: passed when it ends with 0.
 *
 * @param {string} name
 * @param {string} command
 * @param {string[]} parameters
 * @param {Parameters<typeof run>[2]} [options]
 * @returns {Promise<import('./results.mjs').Result[]>}
 */
export async function commandCheck(name, command, parameters, options) {
  const { status, output, seconds } = await run(command, parameters, options);
  return [{ name, status: status === 0 ? 'passed' : 'failed', detail: output || `ended with ${status}`, seconds }];
}
