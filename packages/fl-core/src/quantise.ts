import type { Encoding } from '@sotto/protocol/plan';
import { type Rejection, reject } from '@sotto/protocol/rejection';

/** Fills the array with uniform 32-bit words: from WebCrypto in the field, from a seed in simulations. */
export type RandomWords = (into: Uint32Array) => void;

const BLOCK = 16_384;

export interface Levels {
  /** d integers in [−λ, λ]. */
  readonly levels: Int32Array<ArrayBuffer>;
  /** How many values were beyond ±c. */
  readonly saturated: number;
}

/**
 * Unbiased stochastic rounding: y = x·λ/c is rounded up with probability y − ⌊y⌋ and else down, so that E[ℓ]·c/λ = x.
 * Values beyond ±c saturate. λ ≤ MOST_LEVEL.
 *
 * @param values  d of them; `scale` multiplies each before rounding (clipping and weighting in one pass).
 * @returns a Rejection naming the first value that is not finite
 */
export function quantise(
  values: Float32Array | Float64Array,
  { ranges, lambda }: Pick<Encoding, 'ranges' | 'lambda'>,
  scale: number,
  random: RandomWords,
): Levels | Rejection<'not_finite' | 'wrong_size'> {
  const expected = ranges.reduce((total, { size }) => total + size, 0);
  if (values.length !== expected)
    return reject('wrong_size', `The update has ${values.length} values, the plan's model has ${expected}.`);
  const levels = new Int32Array(values.length);
  const words = new Uint32Array(Math.min(BLOCK, values.length));
  let saturated = 0;
  let at = 0;
  for (const { size, range } of ranges) {
    const factor = (scale * lambda) / range;
    for (const end = at + size; at < end; at++) {
      if (at % BLOCK === 0) random(words);
      const y = values[at]! * factor;
      if (!Number.isFinite(y))
        return reject(
          'not_finite',
          `Value ${at} of the update is not a finite number: training diverged. Lower the learning rate or look for broken examples.`,
        );
      if (Math.abs(y) > lambda) saturated += 1;
      const bounded = Math.min(lambda, Math.max(-lambda, y));
      const down = Math.floor(bounded);
      // Compared, not added: ⌊y + u⌋ would round up to λ + 1 where λ is so large that a double has no room for u beside it.
      levels[at] = words[at % BLOCK]! / 2 ** 32 < bounded - down ? down + 1 : down;
    }
  }
  return { levels, saturated };
}

/** Σx = Σℓ·c/λ for opened sums of levels. */
export function dequantise(
  levels: Float64Array,
  { ranges, lambda }: Pick<Encoding, 'ranges' | 'lambda'>,
): Float64Array {
  const values = new Float64Array(levels.length);
  let at = 0;
  for (const { size, range } of ranges)
    for (const end = at + size; at < end; at++) values[at] = (levels[at]! * range) / lambda;
  return values;
}
