/** Time as a port, so that whole sessions run in a test without waiting. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Calls `ring` once at (or soon after) `time`, unless the returned function is called before. Keeps no process alive. */
  readonly at: (time: number, ring: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  at(time, ring) {
    const timer: unknown = setTimeout(ring, Math.max(0, time - Date.now()));
    // In Node a timer is an object, in a page a number.
    if (typeof timer === 'object') (timer as { unref(): void }).unref();
    return () => clearTimeout(timer as number);
  },
};
