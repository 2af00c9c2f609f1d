import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { debianRoot } from './debian-root.js';
import { POWER_ON, STAND_INS } from './stand-ins.js';

/** The uid that the access point forces on every file of the home. */
export const ACCESS_POINT_UID = 1500;

const PATH = '/sim/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
// An overlay's upper folder may not lie on an overlay: in a container the usual temporary folder does.
const BASE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** An instance: Debian's root below, its own disk above, AWS beside it. Its power can be cut and comes back by {@link powerOn}. */
export class Machine {
  private constructor(private readonly folder: string) {}

  /** A new instance that has not run its user data. `home` is the file system of a former one. */
  static launch(userData: string, home?: string): Machine {
    const machine = new Machine(mkdtempSync(join(BASE, 'jenkins-aws-boot-')));
    for (const name of ['sim/bin', 'sim/active', 'sim/failed', 'sim/enabled', 'sim/efs', 'work', 'merged']) {
      mkdirSync(join(machine.folder, name), { recursive: true });
    }
    for (const [name, text] of Object.entries(STAND_INS)) machine.write(`sim/bin/${name}`, text, 0o755);
    machine.write('sim/power-on', POWER_ON, 0o755);
    machine.write('sim/user-data', userData);
    machine.write('sim/first-power-on', '');
    machine.write('sim/calls', '');
    machine.write('sim/packages', 'aws-cfn-bootstrap\n');
    if (home !== undefined) cpSync(home, join(machine.folder, 'sim/efs'), { recursive: true });
    chownSync(join(machine.folder, 'sim/efs'), ACCESS_POINT_UID, ACCESS_POINT_UID);
    // As Amazon Linux 2023 comes: signal tool there, ec2-user on uid 1000, repositories' folder.
    machine.write('upper/opt/aws/bin/cfn-signal', `#!/bin/bash\nexec /sim/bin/cfn-signal "$@"\n`, 0o755);
    machine.write('upper/etc/passwd', `${base('etc/passwd')}ec2-user:x:1000:1000::/home/ec2-user:/bin/bash\n`);
    machine.write('upper/etc/group', `${base('etc/group')}ec2-user:x:1000:\n`);
    machine.write('upper/etc/fstab', 'UUID=1234 / xfs defaults,noatime 1 1\n');
    machine.write('upper/dev/console', '');
    mkdirSync(join(machine.folder, 'upper/etc/yum.repos.d'));
    return machine;
  }

  /** The same machine with the power off, as another one. */
  copy(): Machine {
    const folder = mkdtempSync(join(BASE, 'jenkins-aws-boot-'));
    cpSync(this.folder, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    for (const path of walk(this.folder)) {
      const { uid, gid } = lstatSync(join(this.folder, path));
      if (uid !== 0 || gid !== 0) chownSync(join(folder, path), uid, gid);
    }
    return new Machine(folder);
  }

  /** Starts the machine and waits until its boot ends; the exit code, or undefined when the power was cut. */
  async powerOn(): Promise<number | undefined> {
    const overlay = `lowerdir=${debianRoot()},upperdir=upper,workdir=work`;
    const script = `set -e
cd ${this.folder}
mount -t overlay -o ${overlay} overlay merged
mkdir -p merged/sim
mount --bind sim merged/sim
mount -t proc proc merged/proc
code=0
chroot merged /usr/bin/env -i PATH=${PATH} /sim/power-on || code=$?
exit $code`;
    const child = spawn('unshare', ['--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', script]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    if (code === 0 || code === 1) return code;
    if (code === 137) return undefined;
    throw new Error(`the machine did not start, exit code ${code}: ${output}`);
  }

  /** Sets one of the stand-ins' switches. */
  set(name: string, value: string | number = ''): void {
    this.write(`sim/${name}`, `${value}\n`);
  }

  unset(name: string): void {
    rmSync(join(this.folder, 'sim', name), { force: true });
  }

  /** The calls to stand-ins since the machine was last told to forget them. */
  calls(): string[] {
    return this.lines('sim/calls');
  }

  forgetCalls(): void {
    this.write('sim/calls', '');
  }

  /** Has the boot's unit run all steps again at the next start. */
  forgetCompletion(): void {
    rmSync(join(this.folder, 'upper/var/lib/jenkins-aws/boot.done'));
  }

  overwrite(path: string, text: string): void {
    this.write(`upper/${path}`, text);
  }

  /** The signals that CloudFormation took. */
  signals(): string[] {
    return this.lines('sim/signals');
  }

  jenkinsStarts(): string[] {
    return this.lines('sim/jenkins-starts');
  }

  isActive(unit: string): boolean {
    return existsSync(join(this.folder, 'sim/active', unit));
  }

  read(path: string): string {
    return readFileSync(join(this.folder, 'upper', path), 'utf8');
  }

  exists(path: string): boolean {
    return existsSync(join(this.folder, 'upper', path));
  }

  get home(): string {
    return join(this.folder, 'sim/efs');
  }

  /** What the boot made of the machine: each file of its disk and of the home, with owner, mode and content. */
  state(): Record<string, string> {
    const volatile =
      /^upper\/(var\/log\/jenkins-aws\/|var\/lib\/jenkins-aws\/boot\.done|etc\/.*-$|etc\/\.pwd\.lock|dev\/|sim$)/;
    const roots = ['upper', 'sim/efs', 'sim/enabled', 'sim/active', 'sim/packages'];
    const entries = roots.flatMap((top) => walk(this.folder, top)).filter((path) => !volatile.test(path));
    return Object.fromEntries(
      entries.map((path) => {
        const { mode, uid, gid } = lstatSync(join(this.folder, path));
        const isFile = (mode & 0o170000) === 0o100000;
        const content = isFile ? readFileSync(join(this.folder, path), 'latin1') : '';
        return [path, `${mode.toString(8)} ${uid}:${gid} ${content}`];
      }),
    );
  }

  discard(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private lines(path: string): string[] {
    const file = join(this.folder, path);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  }

  private write(path: string, text: string, mode = 0o644): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
  }
}

function base(path: string): string {
  return readFileSync(join(debianRoot(), path), 'utf8');
}

function walk(folder: string, path = ''): string[] {
  const here = join(folder, path);
  if (!lstatSync(here).isDirectory()) return [path];
  return [path, ...readdirSync(here).flatMap((name) => walk(folder, join(path, name)))];
}
