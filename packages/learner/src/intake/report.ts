/** Told how far a reading is; ends it by throwing once nobody waits for its result any more. */
export type Report = (done: number, total: number) => Promise<void>;

/** The page's end of it: answers whether to go on. */
export type Proceed = (done: number, total: number) => boolean | Promise<boolean>;

/** What a reading may be given along. */
export interface Watching {
  readonly onProgress: (done: number, total: number) => void;
  /** Ends the reading, which then rejects with `cancelled`. */
  readonly signal: AbortSignal;
}
