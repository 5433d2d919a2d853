import { type Encoding, parametersOf } from '@sotto/protocol/plan';

/** What one contributor can add to the integer sum at the most. */
export interface Sensitivity {
  /** Δ1: Σ|ℓ|. */
  readonly l1: number;
  /** Δ2²: Σℓ². */
  readonly l2Squared: number;
}

/** What of a plan's numbers says how long an update can be, in levels. */
export type Scale = Pick<Encoding, 'lambda' | 'clip' | 'ranges'>;

/**
 * Of an update of L2 norm C, scaled by s levels a unit and rounded to integers at random until Σℓ² ≤ Δ2² (Kairouz, Liu, Steinke 2021,
 * Proposition 22; `roundWithin`), β = e^{−1/2}: Δ2² = min{(sC + √d)², s²C² + d/4 + √(2 ln(1/β))·(sC + √d/2)}, of which the second is
 * always the smaller. Integers: Δ1 = min(√d·Δ2, Δ2²). d are all coordinates; s = λ/c, c the smallest range where there are several.
 */
export function sensitivityOf({ lambda, clip, ranges }: Scale): Sensitivity {
  const radius = (lambda * clip) / leastRange(ranges);
  const coordinates = parametersOf({ ranges });
  const l2Squared = radius ** 2 + coordinates / 4 + radius + Math.sqrt(coordinates) / 2;
  return { l1: Math.min(Math.sqrt(coordinates * l2Squared), l2Squared), l2Squared };
}

/** Where tensors have ranges of their own, the smallest has the finest levels. */
export function leastRange(ranges: Encoding['ranges']): number {
  return ranges.reduce((least, { range }) => Math.min(least, range), Number.POSITIVE_INFINITY);
}
