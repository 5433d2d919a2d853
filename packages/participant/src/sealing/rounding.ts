import type { RandomWords } from '@sotto/fl-core/quantise';
import { createRandom } from '@sotto/learner/random';

/** Words for stochastic rounding: WebCrypto's, or a seed's where a simulation must repeat itself. */
export function roundingWords(seed: number | null): RandomWords {
  if (seed === null) return (into) => void crypto.getRandomValues(into as Uint32Array<ArrayBuffer>);
  const random = createRandom(seed);
  return (into) => {
    for (let i = 0; i < into.length; i++) into[i] = Math.floor(random() * 2 ** 32);
  };
}
