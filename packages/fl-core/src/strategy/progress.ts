import type { EarlyStopping } from '@sotto/protocol/strategy';

/** How a published model did on held-out data. */
export interface Tested {
  readonly testAccuracy: number;
  readonly testLoss: number;
}

/** The model with the highest accuracy on held-out data; of several the one with the least loss, and then the earliest. Null of none. */
export function bestOf<T extends Tested>(published: readonly T[]): T | null {
  return published.reduce<T | null>((best, one) => (best === null || isBetter(one, best) ? one : best), null);
}

function isBetter(one: Tested, other: Tested): boolean {
  if (one.testAccuracy !== other.testAccuracy) return one.testAccuracy > other.testAccuracy;
  return one.testLoss < other.testLoss;
}

/** How many of the last models in a row are no better, by more than `minDelta`, than the best before them. The first of all is what they start from. */
export function roundsWithoutGain(tested: readonly Tested[], { metric, minDelta }: EarlyStopping): number {
  const score = ({ testAccuracy, testLoss }: Tested) => (metric === 'accuracy' ? testAccuracy : -testLoss);
  let best = Number.NEGATIVE_INFINITY;
  let since = 0;
  for (const [i, one] of tested.entries()) {
    const gained = score(one) > best + minDelta || i === 0;
    since = gained ? 0 : since + 1;
    if (gained) best = score(one);
  }
  return since;
}
