import type { RoundTaken } from '@sotto/participant/history';

/** Rounds are counted anew in each run, so they are told apart by run. */
export interface RoundGroup {
  readonly run: string;
  /** The latest first. */
  readonly rounds: readonly RoundTaken[];
}

/** By run: the one with the latest round first. `rounds` are in the order in which they ended. */
export function groupRounds(rounds: readonly RoundTaken[]): RoundGroup[] {
  return [...Map.groupBy(rounds.toReversed(), ({ run }) => run)].map(([run, rounds]) => ({ run, rounds }));
}

/** `spam-1a2b3c4d` → `1a2b3c4d`: on the page of one task, what tells its runs apart. */
export function shortRun(run: string): string {
  return run.slice(run.lastIndexOf('-') + 1);
}
