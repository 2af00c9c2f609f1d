/** A moment on two clocks. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** This moment; `now` is the wall clock in milliseconds. */
export function markMoment(now: () => number): Moment {
  return { monotonic: performance.now(), wall: now() };
}

/**
 * The milliseconds since a moment, of two clocks the longer: a monotonic one stands still while the machine sleeps, and
 * the wall clock may be set back.
 */
export function millisecondsSince({ monotonic, wall }: Moment, now: () => number): number {
  return Math.max(performance.now() - monotonic, now() - wall);
}
