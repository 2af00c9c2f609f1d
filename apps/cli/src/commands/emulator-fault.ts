import { type ActiveFaultRule, clearFaults, type FaultRule, getFaults, setFaults } from '@jenkins-aws/emulator';
import { emulatorDirectory } from '../aws/target.js';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';

export interface EmulatorFaultOptions extends CommonOptions {
  readonly service?: string;
  readonly operation?: string;
  readonly rate?: string;
  readonly error?: string;
  readonly status?: string;
  readonly during?: 'rollback';
  readonly clear?: boolean;
}

/** Adds a fault to those that are set, removes all, or lists them. */
export async function emulatorFault({ options, output }: CommandContext<EmulatorFaultOptions>): Promise<void> {
  const location = { cacheDirectory: emulatorDirectory() };
  const { service = '*', operation = '*', rate = '1', error = 'Throttling', status, during } = options;
  const adds = [options.service, options.operation, options.rate, options.error, status, during].some(Boolean);
  if (adds && options.clear) throw new CliError('CLI_USAGE', '--clear removes every fault and takes no other option');
  if (options.clear) await clearFaults({ ...location, reporter: output });
  if (adds) {
    const rule: FaultRule = {
      service,
      operation,
      rate: numberOf('--rate', rate),
      error,
      ...(status === undefined ? {} : { status: numberOf('--status', status) }),
      ...(during === undefined ? {} : { during }),
    };
    const before = (await getFaults(location)).map(({ struck: _, ...each }) => each);
    await setFaults({ ...location, rules: [...before, rule], reporter: output });
  }
  const faults = await getFaults(location);
  output.result(cliEvents.faultsFinished({ faults }), renderFaults(faults));
}

function numberOf(option: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new CliError('CLI_USAGE', `${option} must be a number, got '${text}'`);
}

function renderFaults(faults: readonly ActiveFaultRule[]): string {
  if (faults.length === 0) return 'No faults are set: every call is answered.';
  const lines = faults.map(({ service, operation, rate, error, during, struck }) => {
    const share = `${Math.round(rate * 1000) / 10} %`;
    const when = during === undefined ? '' : ` during a ${during}`;
    return `  ${share} of ${service}:${operation} fail with ${error}${when}; ${struck} did so far`;
  });
  return ['Faults, until emulator fault --clear:', ...lines].join('\n');
}
