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
 * Whether a round made the model so much worse than the best one that it must not count: the loss higher by more than `mostRise`, or
 * higher at all and the accuracy lower by more than `mostDrop`. A loss that is no number is worse than any.
 * @param best  of those that the run published: many steps downwards are no less a fall than one. In its first round the model that it
 *   began with, whose accuracy may be chance and nothing to lose; but the loss of one that is made to mislead grows at once
 */
export function isMadeWorse(best: HeldOut, after: HeldOut, { mostDrop, mostRise }: Guard, isFirst: boolean): boolean {
  if (!Number.isFinite(after.loss) || after.loss > best.loss + mostRise) return true;
  return !isFirst && after.accuracy < best.accuracy - mostDrop && after.loss > best.loss;
}

/** The model with the highest accuracy on held-out data; of several the one with the least loss, and then the first. */
export function bestOf<T extends HeldOut>(first: T, others: readonly T[]): T {
  return others.reduce((best, one) => (isBetter(one, best) ? one : best), first);
}

function isBetter(one: HeldOut, other: HeldOut): boolean {
  return one.accuracy !== other.accuracy ? one.accuracy > other.accuracy : one.loss < other.loss;
}
