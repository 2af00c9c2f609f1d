import { readFileSync, readlinkSync } from 'node:fs';
import type { LockHolder } from '@jenkins-aws/deployment/artifacts';

/**
 * What a process id means something in: this boot of this kernel and this process namespace. Two containers have two, a
 * name of the machine tells nothing. Undefined where there is no `/proc` for it, as on macOS and Windows.
 */
export function findProcessSpace(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return boot === '' ? undefined : `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** When a process of this space began, in clock ticks since the boot. Undefined where that cannot be read. */
export function findProcessStart(processId: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    // The name in parentheses may hold anything; starttime is the 20th field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Whether the process of a holder in this very space runs, and not another one that got its id. */
export function isHolderAlive({ processId, processStart }: LockHolder): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const start = processStart === undefined ? undefined : findProcessStart(processId);
  return start === undefined || start === processStart;
}
