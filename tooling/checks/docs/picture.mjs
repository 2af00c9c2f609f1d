import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, cliBinary } from '../lib/folders.mjs';
import { run } from '../lib/process.mjs';

const QUICKSTART = join('examples', 'quickstart', 'jenkins-aws.config.yaml');

/** The quickstart's architecture, as `plan --diagram` draws it. */
export async function renderDiagram() {
  const file = join(cacheFolder, 'architecture.svg');
  mkdirSync(cacheFolder, { recursive: true });
  rmSync(file, { force: true });
  const { status, output } = await run(process.execPath, [cliBinary, 'plan', '-c', QUICKSTART, '--diagram', file]);
  if (status !== 0) throw new Error(`plan --diagram ended with ${status}:\n${output}`);
  return { 'docs/architecture.svg': readFileSync(file, 'utf8') };
}
