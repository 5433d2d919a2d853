import type { RandomWords } from '../src/quantise.ts';

/** A seeded stream of 32-bit words (mulberry32), good enough for statistics. */
export function seededWords(seed: number): RandomWords {
  let state = seed >>> 0;
  return (into) => {
    for (let i = 0; i < into.length; i++) {
      state = (state + 0x6d2b79f5) >>> 0;
      let word = Math.imul(state ^ (state >>> 15), 1 | state);
      word ^= word + Math.imul(word ^ (word >>> 7), 61 | word);
      into[i] = (word ^ (word >>> 14)) >>> 0;
    }
  };
}

/** The same word for ever: 0 rounds every fraction up, 2^32 − 1 none. */
export function constantWords(word: number): RandomWords {
  return (into) => {
    into.fill(word);
  };
}
