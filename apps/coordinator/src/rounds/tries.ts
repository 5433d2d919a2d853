import { adviseOn } from '@sotto/protocol/admin/abandonment';
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

/** Why the latest rounds failed, each reason once, when so many in a row did that trying again is of no use; empty while it is. */
export function failedFor(outcomes: readonly Ended[]): string[] {
  const count = failuresOf(outcomes);
  if (count === 0 || count % MOST_TRIES !== 0) return [];
  const last = outcomes.slice(-MOST_TRIES);
  return [...new Set(last.flatMap((outcome) => (outcome.kind === 'abandoned' ? outcome.reason : [])))];
}

export function describeFailures(reasons: readonly string[]): string {
  return `${MOST_TRIES} rounds in a row were abandoned (${reasons.join(', ').replaceAll('_', ' ')}).`;
}

/** What to do about each of the reasons; said once where it is the same. */
export function remediesFor(reasons: readonly string[], nameOf?: (field: string) => string): string {
  return [...new Set(reasons.flatMap((reason) => adviseOn(reason, nameOf).remedy ?? []))].join(' ');
}

/** Why trying again is of no use, and what to do; null while it is. */
export function whyGiveUp(outcomes: readonly Ended[]): string | null {
  const reasons = failedFor(outcomes);
  if (reasons.length === 0) return null;
  return `${describeFailures(reasons)} ${remediesFor(reasons)} Then resume the run, or begin another where its settings must change.`;
}
