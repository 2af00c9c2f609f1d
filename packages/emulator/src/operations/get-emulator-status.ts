import type { EmulatorLocation } from '../internal/directories.js';
import { findRunning } from './ask-emulator.js';
import { endpointOf } from './ensure-emulator.js';
import { locate } from './locate.js';

export type EmulatorStatus =
  | { readonly state: 'stopped' }
  | {
      readonly state: 'running';
      readonly endpoint: string;
      readonly port: number;
      readonly pid: number;
      readonly accountId: string;
      /** ISO 8601 in UTC. */
      readonly startedAt: string;
      /** `overlay` is the digest of this package's Python files and locked packages. */
      readonly versions: { readonly ministack: string; readonly python: string; readonly overlay: string };
    };

/** Asks the emulator of a directory how it is. Never throws because it does not run. */
export async function getEmulatorStatus(options: EmulatorLocation): Promise<EmulatorStatus> {
  const running = await findRunning(await locate(options));
  if (running === undefined) return { state: 'stopped' };
  const { port, pid, accountId, startedAt, versions, digest } = running;
  return {
    state: 'running',
    endpoint: endpointOf(running),
    port,
    pid,
    accountId,
    startedAt,
    versions: { ...versions, overlay: digest },
  };
}
