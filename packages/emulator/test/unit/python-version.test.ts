import { expect, test } from 'vitest';
import { judgePython } from '../../src/internal/python-version.js';

test.each(['3.10.0 True', '3.11.7 True\n', '3.13.0rc2 True', '3.14.1 True'])('takes %s', (output) => {
  expect(judgePython(output)).toEqual({ usable: true, version: output.trim().split(' ')[0] });
});

test.each([
  ['3.9.18 True', 'is 3.9.18, too old'],
  ['2.7.18 True', 'is 2.7.18, too old'],
  ['4.0.0 True', 'is 4.0.0, too old'],
  ['3.12.1 False', 'is 3.12.1 but has no venv module'],
  ['', 'is not a Python 3'],
  ['command not found', 'is not a Python 3'],
])('fails to take %j', (output, reason) => {
  expect(judgePython(output)).toEqual({ usable: false, reason });
});
