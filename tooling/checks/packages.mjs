// publint and "are the types wrong" on every package as it would be published.
import { tool } from './lib/folders.mjs';
import { run } from './lib/process.mjs';
import { runAsProgram } from './lib/results.mjs';
import { tarballs } from './lib/tarballs.mjs';

/** @returns {Promise<import('./lib/results.mjs').Result[]>} */
export async function checkPackages() {
  const results = [];
  for (const [name, tarball] of await tarballs()) {
    const judges = [
      ['publint', ['run', tarball, '--strict']],
      // A program has no entry to import, so there are no types to be wrong.
      ...(name.startsWith('@jenkins-aws/')
        ? [['attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii']]]
        : []),
    ];
    for (const [judge, parameters] of judges) {
      const { status, output, seconds } = await run(tool(judge), parameters);
      results.push({ name: `${judge} ${name}`, status: status === 0 ? 'passed' : 'failed', detail: output, seconds });
    }
  }
  return results;
}

await runAsProgram(import.meta.url, checkPackages);
