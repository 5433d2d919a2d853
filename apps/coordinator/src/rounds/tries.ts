import type { RoundOutcome } from '@sotto/protocol/run';
import { pauseAfterMs } from '../pace.ts';
import { createRandom } from './selection.ts';

/** Abandoned in a row before a run pauses: trying again and again costs devices their work. */
export const MOST_TRIES = 5;

/** How a round ended, as far as it matters to whether there is a next. */
type Ended = { readonly kind: 'published' } | { readonly kind: 'abandoned'; readonly reason: string };

/** Rounds at the end that were abandoned through no decision of a person's. */
function failuresOf(outcomes: readonly Ended[]): number {
  const good = outcomes.findLastIndex((outcome) => outcome.kind === 'published' || outcome.reason === 'paused');
  return outcomes.length - 1 - good;
}

/** When the next round may begin, after one or more that were abandoned; null when it need not wait. */
export function nextTryAt(outcomes: readonly RoundOutcome[], seed: number): number | null {
  const last = outcomes.at(-1);
  const count = failuresOf(outcomes);
  if (!last || count === 0) return null;
  return last.endedAt + pauseAfterMs(count, createRandom(seed, last.round)());
}

/** That so many rounds in a row were abandoned that trying again is of no use; null while it is. */
export function whatFailed(outcomes: readonly Ended[]): string | null {
  const count = failuresOf(outcomes);
  if (count === 0 || count % MOST_TRIES !== 0) return null;
  const last = outcomes.slice(-MOST_TRIES);
  const reasons = [...new Set(last.flatMap((outcome) => (outcome.kind === 'abandoned' ? outcome.reason : [])))];
  return `${MOST_TRIES} rounds in a row were abandoned (${reasons.join(', ').replaceAll('_', ' ')}).`;
}

/** Why trying again is of no use, and what to do; null while it is. */
export function whyGiveUp(outcomes: readonly Ended[]): string | null {
  const failed = whatFailed(outcomes);
  return (
    failed &&
    `${failed} Check that enough devices stay connected until the end of a round, and that its deadlines are long enough; then resume the run.`
  );
}
