// `npm test`: everything that CI runs, from a fresh clone. Only Node.js built-ins until the dependencies are there.
import { ensureInstalled } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';

requireNode();
try {
  await ensureInstalled();
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const { runSuite } = await import('./suite.mjs');
process.exitCode = await runSuite();
