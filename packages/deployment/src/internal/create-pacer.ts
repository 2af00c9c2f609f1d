import { setTimeout as wait } from 'node:timers/promises';

const FIRST_PAUSE_MILLISECONDS = 200;
/** The longest pause between two looks where the caller names none. */
const DEFAULT_POLL_INTERVAL_MILLISECONDS = 5_000;

/** Many stacks that are followed at once must not all ask in the same moment. */
const JITTER = 0.2;

/**
 * Pauses that double from 200 ms up to `longestMilliseconds`, each shorter by up to a fifth: a small stack on the embedded
 * AWS is done at the first look, a load balancer takes minutes. That is three looks in the first second, fewer than two in
 * any later one.
 */
export function createPacer(
  longestMilliseconds = DEFAULT_POLL_INTERVAL_MILLISECONDS,
  random: () => number = Math.random,
): (signal: AbortSignal | undefined) => Promise<void> {
  let next = Math.min(FIRST_PAUSE_MILLISECONDS, longestMilliseconds);
  return async (signal) => {
    const pause = next * (1 - JITTER * random());
    await wait(pause, undefined, signal === undefined ? {} : { signal });
    next = Math.min(next * 2, longestMilliseconds);
  };
}
