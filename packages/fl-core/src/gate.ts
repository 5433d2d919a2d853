import type { Guard, Robust } from '@sotto/protocol/robustness';

/** How a model does on the held-out examples. */
export interface HeldOut {
  readonly accuracy: number;
  /** Mean, nats. */
  readonly loss: number;
}

/**
 * Which groups stay: not one whose mean alone, added to the model, costs more than `tolerance` accuracy against the model before, and
 * against what the groups do in the median. The latter because a few participants with few classes each make any model worse for a
 * while, all groups alike, and are good for it together. A loss that is no number never stays.
 * @param groups  the model before plus the mean of each group, evaluated
 */
export function keptGroups(
  groups: readonly HeldOut[],
  before: HeldOut,
  { tolerance }: Pick<Robust, 'tolerance'>,
): boolean[] {
  const sorted = groups.map(({ accuracy }) => accuracy).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  const least = Math.min(before.accuracy, median) - tolerance;
  return groups.map(({ accuracy, loss }) => Number.isFinite(loss) && accuracy >= least);
}

/**
 * Whether a round made the model so much worse that it must not count: accuracy lower by more than `mostDrop`, and the loss higher. A loss
 * that is no number is worse than any.
 * @param before  null in a run's first round: what a model does before it has learned anything is chance, and nothing to lose
 */
export function isMadeWorse(before: HeldOut | null, after: HeldOut, { mostDrop }: Guard): boolean {
  if (!Number.isFinite(after.loss)) return true;
  if (before === null) return false;
  return after.accuracy < before.accuracy - mostDrop && after.loss > before.loss;
}
