import type { RunRequest } from '../../src/rounds/run-request.ts';

/** The process ends when it comes to this failpoint for the nth time since it started. */
export interface Kill {
  readonly failpoint: string;
  readonly nth: number;
  /** What came to the failpoint waits there for so long before the end, and all the rest goes on: what did not wait for it shows. */
  readonly lingerMs: number;
}

/** What the parent tells a coordinator process, as JSON in its first argument. */
export interface Orders {
  /** As from the environment. */
  readonly settings: Readonly<Record<string, string>>;
  /** Created when there is no run yet; null: somebody else does. */
  readonly run: RunRequest | null;
  readonly kill: Kill | null;
  /** File that every opened sum is added to, one JSON value a line. */
  readonly opened: string;
  /** What the log says goes there. */
  readonly log: string;
  /** Tell of every failpoint that is passed. */
  readonly record: boolean;
}

/** What the process says, one JSON value a line. */
export type Word =
  | { readonly says: 'up'; readonly url: string; readonly adminToken: string; readonly pid: number }
  | { readonly says: 'passed'; readonly failpoint: string }
  | { readonly says: 'killed'; readonly failpoint: string }
  | { readonly says: 'runs'; readonly states: Readonly<Record<string, string>> };

export interface Opened {
  readonly planHash: string;
  readonly contributors: readonly string[];
  readonly levels: readonly number[];
}
