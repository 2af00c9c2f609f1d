/** Asks a Python for its version and whether it can make an environment; the answer is for {@link judgePython}. */
export const PYTHON_PROBE = [
  'import importlib.util, platform',
  "print(platform.python_version(), all(importlib.util.find_spec(m) for m in ('venv', 'ensurepip')))",
].join('\n');

export type PythonVerdict =
  | { readonly usable: true; readonly version: string }
  | { readonly usable: false; readonly reason: string };

/** Whether a Python whose probe printed `output` can run the emulator. */
export function judgePython(output: string): PythonVerdict {
  const match = /^(\d+)\.(\d+)(\S*) (True|False)$/m.exec(output.trim());
  if (!match) return { usable: false, reason: 'is not a Python 3' };
  const [, major, minor, rest, canMakeEnvironment] = match;
  const version = `${major}.${minor}${rest}`;
  if (Number(major) !== 3 || Number(minor) < 10) return { usable: false, reason: `is ${version}, too old` };
  if (canMakeEnvironment === 'False') return { usable: false, reason: `is ${version} but has no venv module` };
  return { usable: true, version };
}
