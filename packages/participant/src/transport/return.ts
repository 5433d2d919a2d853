/** How a device came to be without a connection, and what it was told before. */
export interface Absence {
  /** Attempts to connect that have failed since. */
  readonly failed: number;
  /** Over how long the coordinator wants its devices spread when they come back. */
  readonly windowMs: number;
  /** When it asked this device to come back, as it hung up; null when it vanished without a word. */
  readonly toldMs: number | null;
}

/** A few devices may come back at once; nobody should wait long for a coordinator that was away for a moment. */
const LEAST_WINDOW_MS = 1000;
const LONGEST_BACKOFF_MS = 10_000;

/**
 * How long to wait before the next attempt to connect, for `random` in [0, 1): when the coordinator said, or a little later; else at any
 * moment of its window; and after attempts that failed, twice as long each time but never so often that all devices together would come
 * faster than the window says (Bonawitz et al. 2019, §2.3).
 */
export function returnAfterMs({ failed, windowMs, toldMs }: Absence, random: number): number {
  const window = Math.max(LEAST_WINDOW_MS, windowMs);
  if (failed > 0)
    return Math.max(window, Math.min(LONGEST_BACKOFF_MS, LEAST_WINDOW_MS * 2 ** (failed - 1))) * (0.5 + random);
  return toldMs === null ? window * random : toldMs * (1 + random / 2);
}
