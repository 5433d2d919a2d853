import { InvariantError, type Rejection } from '@sotto/protocol/rejection';
import type { Levels } from '../quantise.ts';

/** One try in two and a half succeeds at least (Kairouz, Liu, Steinke 2021, Proposition 22): so many fail never. */
const MOST_TRIES = 500;

/**
 * Rounds anew until Σℓ² ≤ Δ2², so that the sensitivity holds for the integers that are sealed and not only for what was rounded. Exact as
 * long as Δ2² < 2^53.
 */
export function roundWithin<Code extends string>(
  round: () => Levels | Rejection<Code>,
  l2Squared: number,
): Levels | Rejection<Code> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const rounded = round();
    if ('rejected' in rounded || squaresWithin(rounded.levels, l2Squared)) return rounded;
  }
  throw new InvariantError('an update that was clipped is longer than the clip however it is rounded');
}

function squaresWithin(levels: Int32Array, most: number): boolean {
  let squares = 0;
  for (const level of levels) squares += level * level;
  return squares <= most;
}
