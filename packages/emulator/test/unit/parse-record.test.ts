import { expect, test } from 'vitest';
import { parseRecord, parseWrittenRecord } from '../../src/internal/parse-record.js';

const record = {
  pid: 1,
  port: 4597,
  startedAt: '2026-01-01T00:00:00.000Z',
  stateDirectory: '/state',
  digest: 'abc',
  accountId: '123456789012',
  versions: { ministack: '1.5.33', python: '3.11.7' },
};

test('finds the record in an answer, and its token in a record file only', () => {
  expect(parseRecord(record)).toEqual(record);
  expect(parseWrittenRecord({ ...record, token: 'secret' })).toEqual({ ...record, token: 'secret' });
  for (const token of [undefined, '', 1]) expect(parseWrittenRecord({ ...record, token })).toBeUndefined();
});

test.each([
  null,
  'text',
  {},
  { ...record, pid: '1' },
  { ...record, port: undefined },
  { ...record, stateDirectory: '' },
  { ...record, versions: null },
  { ...record, versions: { ministack: '1.5.33' } },
])('fails to see a record in %j', (value) => {
  expect(parseRecord(value)).toBeUndefined();
  expect(parseWrittenRecord({ ...(value as object), token: 'secret' })).toBeUndefined();
});
