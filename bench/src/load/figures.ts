import type { PublishedRound } from '@sotto/protocol/run';

/** What the coordinator's process did in one phase, all its threads included. */
export interface PhaseFigures {
  readonly phase: string;
  readonly ms: number;
  /** Largest resident set, looked at ten times a second. */
  readonly rssMB: number;
  readonly loopLagP99Ms: number;
}

export interface CoordinatorFigures {
  /** Peak of the resident set: VmHWM on Linux, `maxRSS` elsewhere. */
  readonly rssPeakMB: number;
  /** How much too late timers come, from the first connection to the last transcript. */
  readonly loopLagP99Ms: number;
  readonly loopLagMaxMs: number;
  readonly cpuMs: number;
  readonly phases: readonly PhaseFigures[];
}

/** What the bench and the processes it started say to each other, over Node's IPC. */
export type ToCoordinator = { readonly do: 'begin'; readonly participants: number } | { readonly do: 'report' };
export type FromCoordinator =
  | { readonly is: 'up'; readonly url: string }
  | { readonly is: 'published'; readonly round: PublishedRound; readonly initial: string }
  | { readonly is: 'report'; readonly figures: CoordinatorFigures }
  | { readonly is: 'failed'; readonly why: string };

export interface CrowdOrder {
  readonly url: string;
  /** Number of its first participant. */
  readonly first: number;
  readonly count: number;
}
export type FromCrowd =
  | { readonly is: 'joined' }
  /** All have the round's transcript, and those that check it found that it holds. */
  | { readonly is: 'told' }
  | { readonly is: 'failed'; readonly why: string };
