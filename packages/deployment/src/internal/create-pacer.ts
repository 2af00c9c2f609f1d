import { setTimeout as wait } from 'node:timers/promises';

const FIRST_PAUSE_MILLISECONDS = 200;
/** The longest pause between two looks where the caller names none. */
const DEFAULT_POLL_INTERVAL_MILLISECONDS = 5_000;

/**
 * Pauses that double from 200 ms up to `longestMilliseconds`: a small stack on the embedded AWS is done at the first
 * look, a load balancer takes minutes, and in no second there are more than two looks.
 */
export function createPacer(
  longestMilliseconds = DEFAULT_POLL_INTERVAL_MILLISECONDS,
): (signal: AbortSignal | undefined) => Promise<void> {
  let next = Math.min(FIRST_PAUSE_MILLISECONDS, longestMilliseconds);
  return async (signal) => {
    await wait(next, undefined, signal === undefined ? {} : { signal });
    next = Math.min(next * 2, longestMilliseconds);
  };
}
