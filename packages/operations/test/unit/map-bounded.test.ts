import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { mapBounded } from '../../src/internal/map-bounded.js';

it('keeps the order, has eight at work at once, and fails with the first failure', async () => {
  let working = 0;
  let most = 0;
  const numbers = Array.from({ length: 30 }, (_, index) => index);
  const doubled = await mapBounded(numbers, async (number) => {
    working += 1;
    most = Math.max(most, working);
    await setImmediate();
    working -= 1;
    return number * 2;
  });
  expect(doubled).toEqual(numbers.map((number) => number * 2));
  expect(most).toBe(8);
  await expect(mapBounded(numbers, () => Promise.reject(new TypeError('no')))).rejects.toThrow('no');
});
