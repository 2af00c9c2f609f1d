import { EmulatorError } from '../errors.js';
import type { EmulatorLocation } from '../internal/directories.js';
import { askPath, findRunning } from './ask-emulator.js';
import { locate } from './locate.js';

/**
 * Asks one of the running emulator's own paths, below `/_jenkins-aws/`.
 *
 * @throws EmulatorError `EMULATOR_NOT_RUNNING` or `EMULATOR_REFUSED`.
 */
export async function askOwnPath<T>(
  location: EmulatorLocation,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  name: string,
  value?: unknown,
): Promise<T> {
  const paths = await locate(location);
  const running = await findRunning(paths);
  if (running === undefined) throw notRunning(paths.stateDirectory);
  const body = value === undefined ? '' : JSON.stringify(value);
  const answer = await askPath(running.port, method, `/_jenkins-aws/${name}`, { body });
  if (typeof answer === 'string') throw notRunning(paths.stateDirectory);
  if (answer.status === 200) return JSON.parse(answer.body) as T;
  throw new EmulatorError('EMULATOR_REFUSED', problemsOf(answer.body));
}

function notRunning(directory: string): EmulatorError {
  return new EmulatorError('EMULATOR_NOT_RUNNING', `the emulator of ${directory} does not run; start it first`);
}

function problemsOf(body: string): string {
  try {
    return (JSON.parse(body) as { readonly problems: readonly string[] }).problems.join('; ');
  } catch {
    return body.trim();
  }
}
