import { mkdir, realpath } from 'node:fs/promises';
import { type Reporter, silentReporter } from '@jenkins-aws/core';
import { portTaken, runsElsewhere } from '../errors.js';
import { emulatorEvents } from '../events.js';
import {
  type EmulatorLocation,
  type EmulatorPaths,
  emulatorPaths,
  overlayDigest,
  overlayDirectory,
} from '../internal/directories.js';
import type { EmulatorRecord } from '../internal/parse-record.js';
import { askListener, findRunning, readRecord } from './ask-emulator.js';
import { installEmulator } from './install-emulator.js';
import { launchEmulator } from './launch-emulator.js';
import { stopProcess } from './stop-emulator.js';

/** Where the emulator listens when nothing else is said. */
export const DEFAULT_PORT = 4597;

export interface EnsureEmulatorOptions extends EmulatorLocation {
  /**
   * The port on 127.0.0.1; one that already runs elsewhere is refused. Default: the one that it runs on or had last, so
   * that what was pointed at it finds it again; at first 4597.
   */
  readonly port?: number;
  /** Default: silent. */
  readonly reporter?: Reporter;
  /** Default: none. */
  readonly signal?: AbortSignal;
  /** Tried in this order. Default: `['python3', 'python']`. */
  readonly pythonCommands?: readonly string[];
}

/** A running emulator. It serves every region at one endpoint. */
export interface EmulatorEndpoint {
  /** For `AWS_ENDPOINT_URL`, e.g. `http://127.0.0.1:4597`. */
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
  readonly accountId: string;
  /** Whether this call started it; otherwise it ran already. */
  readonly started: boolean;
}

/**
 * Makes sure that the emulator runs: installs it once (needs network once), starts it as a process of its own that
 * outlives this one, or uses the one that runs. What was in it before is there again. Any number of callers may do
 * this at once. It listens on 127.0.0.1 only; every program of this machine can use it, but no web page.
 *
 * @throws EmulatorError `EMULATOR_PYTHON_MISSING`, `EMULATOR_INSTALL_FAILED`, `EMULATOR_PORT_TAKEN`,
 * `EMULATOR_RUNS_ELSEWHERE` or `EMULATOR_START_FAILED`.
 */
export async function ensureEmulator(options: EnsureEmulatorOptions): Promise<EmulatorEndpoint> {
  const { reporter = silentReporter, signal, pythonCommands = ['python3', 'python'] } = options;
  const { cacheDirectory, stateDirectory = cacheDirectory } = options;
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
  const paths = emulatorPaths({ cacheDirectory, stateDirectory: await realpath(stateDirectory) });
  const overlay = overlayDirectory();
  const digest = overlayDigest(overlay);

  const running = await findRunning(paths);
  if (running !== undefined) refuseOtherPort(running, options.port);
  if (running?.digest === digest) {
    reporter.report(emulatorEvents.reused({ endpoint: endpointOf(running), pid: running.pid }));
    return describe(running, false);
  }
  const python = await installEmulator({ cacheDirectory, overlay, pythonCommands, reporter, signal });
  if (running !== undefined) await stopProcess(running.pid);
  const wanted = running?.port ?? options.port ?? (await readRecord(paths))?.port ?? DEFAULT_PORT;
  await refuseTakenPort(wanted, paths);

  reporter.report(emulatorEvents.starting({ port: wanted, reason: running === undefined ? 'stopped' : 'outdated' }));
  const begun = performance.now();
  const { record, started } = await launchEmulator({ python, overlay, digest, paths, port: wanted, signal });
  refuseOtherPort(record, options.port);
  const seconds = (performance.now() - begun) / 1000;
  reporter.report(emulatorEvents.ready({ endpoint: endpointOf(record), pid: record.pid, seconds }));
  return describe(record, started);
}

/** Asked before the start, so that the reason is clear; the start itself would find out too. */
async function refuseTakenPort(port: number, paths: EmulatorPaths): Promise<void> {
  const listener = await askListener(port);
  if (listener.kind === 'foreign') throw portTaken(port, 'another program');
  if (listener.kind !== 'emulator') return;
  const { stateDirectory } = listener.record;
  if (stateDirectory !== paths.stateDirectory) throw portTaken(port, `the emulator of ${stateDirectory}`);
  // Another caller may have started it meanwhile.
  if ((await findRunning(paths)) === undefined) {
    throw portTaken(port, `a program that claims to be the emulator of ${stateDirectory} and cannot prove it`);
  }
}

/** Only a port that was asked for can be the wrong one. */
function refuseOtherPort({ port }: { readonly port: number }, wanted: number | undefined): void {
  if (wanted !== undefined && wanted !== port) throw runsElsewhere(port, wanted);
}

export function endpointOf({ port }: { readonly port: number }): string {
  return `http://127.0.0.1:${port}`;
}

function describe(record: EmulatorRecord, started: boolean): EmulatorEndpoint {
  const { port, pid, accountId } = record;
  return { endpoint: endpointOf(record), port, pid, accountId, started };
}
