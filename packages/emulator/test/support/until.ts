import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is as wanted; the last answer is in the error when it never is. */
export async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean, withinMs = 20_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  let answer = await ask();
  while (!isWanted(answer)) {
    if (performance.now() > deadline) {
      throw new TypeError(`not within ${withinMs} ms; the last answer: ${JSON.stringify(answer)}`);
    }
    await sleep(100);
    answer = await ask();
  }
  return answer;
}
