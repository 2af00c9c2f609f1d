import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SUITE = 'bookworm';
const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/jenkins-aws', import.meta.url));

/** Why the boot cannot be executed on this machine, or undefined. */
export function missingForExecution(): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'this is not root';
  if (!readFileSync('/proc/filesystems', 'utf8').includes('overlay')) return 'the kernel has no overlay file system';
  if (!existsSync(root()) && spawnSync('debootstrap', ['--version']).status !== 0)
    return 'debootstrap is not installed';
  if (spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status !== 0) return 'unshare is not allowed';
  return undefined;
}

/** A Debian root to lie under every machine. Made once and kept below node_modules. */
export function debianRoot(): string {
  if (existsSync(root())) return root();
  const draft = `${root()}.${process.pid}`;
  mkdirSync(dirname(draft), { recursive: true });
  execFileSync('debootstrap', ['--variant=minbase', SUITE, draft, mirror()], { stdio: 'ignore' });
  // The device would be the real console of whoever runs the test.
  for (const path of ['dev/console', 'var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/locale']) {
    rmSync(join(draft, path), { recursive: true, force: true });
  }
  renameSync(draft, root());
  return root();
}

function root(): string {
  return join(CACHE, `debian-${SUITE}`);
}

/** The mirror that this machine itself uses for Debian. */
function mirror(): string {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []),
  ];
  const text = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
  const found = text.join('\n').match(/^(?:URIs:|deb(?: \[[^\]]*\])?) *(https?:\S*\/debian\/?)(?:\s|$)/m);
  return found?.[1] ?? 'http://deb.debian.org/debian';
}
