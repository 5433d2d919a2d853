/** What a first visit may cost. */
export const MOST_ENTRY_KB = 150;
export const MOST_INTERACTIVE_MS = 4000;

/** A slow phone on a slow network. */
export const SLOWDOWN = 4;
export const NETWORK = { bitsPerSecond: 1_600_000, latencyMs: 150 } as const;

/** A task of the browser's main thread is long from here on (W3C Long Tasks). */
export const LONG_MS = 50;

/** A script of ours that kept the main thread busy. */
export interface LongTask {
  readonly ms: number;
  /** Which file and function, and what made it run. */
  readonly script: string;
}

export interface Watched {
  readonly ms: number;
  readonly longTasks: readonly LongTask[];
}
