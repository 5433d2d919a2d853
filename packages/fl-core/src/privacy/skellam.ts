import type { RandomWords } from '../quantise.ts';
import { createPoisson } from './poisson.ts';
import { createWords } from './words.ts';

/**
 * Adds Skellam noise to integers in place: to each the difference of two Poisson numbers of mean V/2, hence mean 0 and variance V, drawn
 * exactly. Sums of Skellam numbers are Skellam numbers: n contributors together make the noise of variance nV, and none of them knows it.
 *
 * @param variance  V, an even integer.
 */
export function addSkellam(levels: Int32Array, variance: number, random: RandomWords): void {
  const words = createWords(random);
  const draw = createPoisson(variance / 2);
  for (let i = 0; i < levels.length; i++) levels[i]! += draw(words) - draw(words);
  words.wipe();
}
