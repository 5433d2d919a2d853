/** Time as a port, so that whole rounds run in a test without waiting. Milliseconds since 1970-01-01 UTC. */
export interface Clock {
  now(): number;
  /** Calls `ring` once at (or soon after) `time`, unless the returned function is called before. */
  at(time: number, ring: () => void): () => void;
}

/** Longest delay a Node timer takes; a longer one would ring at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  at(time, ring) {
    const timer = setTimeout(ring, Math.min(LONGEST_TIMER_MS, Math.max(0, time - Date.now())));
    return () => clearTimeout(timer);
  },
};
