import { emulatorEnvironment } from '@jenkins-aws/emulator';
import {
  startTestEmulator,
  type TestEmulator,
} from '../../../../packages/emulator/test/support/start-test-emulator.js';
import { type Snapshot, takeSnapshot } from '../../../../packages/emulator/test/support/take-snapshot.js';
import { type CliRun, type RunCliOptions, runCli, temporaryFolder } from './run-cli.js';
import { type Moment, startProxy } from './start-proxy.js';

const REGION = 'eu-central-1';

/** What differs from one config to another in these suites. */
export interface ConfigChanges {
  readonly masters?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly nat?: 'one' | 'per-zone';
  readonly cpuPercent?: number;
  readonly emails?: readonly string[];
  readonly instanceType?: string;
  readonly throughput?: 'elastic' | 'bursting';
  readonly logRetentionDays?: number;
}

/** A platform `ci` whose masters are alike. */
export function configText(changes: ConfigChanges = {}): string {
  const { masters = ['main'], tags, nat, cpuPercent, emails, instanceType, throughput, logRetentionDays } = changes;
  const master = {
    instanceType,
    home: { throughput },
    alarms: { cpuPercent, emails },
    access: { allowedCidrs: ['10.0.0.0/16'], plainHttp: { reason: 'a rehearsal' } },
    logRetentionDays,
  };
  return JSON.stringify({
    name: 'ci',
    region: REGION,
    tags,
    network: { nat },
    masters: Object.fromEntries(masters.map((name) => [name, master])),
  });
}

/** E.g. `['deploy', configText(), '--yes']`. */
export type Command = readonly [name: string, config: string, ...args: string[]];

/** An embedded AWS of its own with the command line beside it. */
export interface Rehearsal extends AsyncDisposable {
  readonly emulator: TestEmulator;
  run(command: Command, watch?: RunCliOptions['watch']): Promise<CliRun>;
  /** The same with its calls counted, and something done at each of them. */
  counted(command: Command, moment?: (kill: () => void) => Moment): Promise<CliRun & { readonly calls: number }>;
  snapshot(): Promise<Snapshot>;
}

export async function startRehearsal(): Promise<Rehearsal> {
  const emulator = await startTestEmulator();
  const folder = await temporaryFolder();
  let configs = 0;
  const run = async ([name, config, ...more]: Command, endpoint: string, watch?: RunCliOptions['watch']) => {
    configs += 1;
    const path = await folder.put(`${configs}.config.json`, config);
    const env = emulatorEnvironment({ endpoint }, REGION);
    return runCli([name, '--json', '-c', path, ...more], { env, ...(watch === undefined ? {} : { watch }) });
  };
  return {
    emulator,
    run: (command, watch) => run(command, emulator.endpoint, watch),
    async counted(command, moment) {
      let end: (signal: NodeJS.Signals) => void = () => {};
      await using proxy = await startProxy(
        emulator.endpoint,
        moment?.(() => end('SIGKILL')),
      );
      const ran = await run(command, proxy.endpoint, (_said, killIt) => {
        end = killIt;
      });
      return { ...ran, calls: proxy.calls };
    },
    snapshot: () => takeSnapshot(emulator),
    async [Symbol.asyncDispose]() {
      await emulator.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** What a run that should have succeeded says when it has not. */
export function failureOf({ code, stderr, events }: CliRun): string | undefined {
  if (code === 0) return undefined;
  const { code: why, message, data } = events.at(-1) ?? {};
  return [`ended with ${code}`, why, message, JSON.stringify(data), stderr].filter(Boolean).join(' · ');
}

/** Numbers from 0 to 1 that follow from a seed alone (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
