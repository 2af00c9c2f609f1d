import { run } from './process.mjs';

/**
 * One step of the set-up: one line when it starts and ends, its output only when it fails: then it throws.
 *
 * @param {string} title
 * @param {string} command
 * @param {string[]} parameters
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function step(title, command, parameters, options) {
  const tty = process.stderr.isTTY;
  process.stderr.write(tty ? `  ${title} …` : `  ${title} …\n`);
  const ran = await run(command, parameters, options);
  const clear = tty ? '\r\u001B[2K' : '';
  if (ran.status === 0) {
    process.stderr.write(`${clear}  ${title}: done in ${ran.seconds.toFixed(1)} s\n`);
    return ran;
  }
  process.stderr.write(`${clear}  ${title}: failed. What it printed:\n\n${ran.output}\n`);
  throw new Error(`${title} failed`);
}
