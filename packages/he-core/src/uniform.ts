import { SHARE_PRIME } from './params.ts';

const QUOTA_WORDS = 32_768;

/** `count` uniform elements of Z_p from WebCrypto: u16 words, those ≥ p rejected. */
export function sampleUniform(count: number): Uint16Array {
  const values = new Uint16Array(count);
  const words = new Uint16Array(Math.min(QUOTA_WORDS, count + 64));
  let at = 0;
  while (at < count) {
    crypto.getRandomValues(words);
    at = keepResidues(words, values, at);
  }
  words.fill(0);
  return values;
}

/** Appends the words below p to `values` from `at` on until it is full; returns the new end. */
export function keepResidues(words: Uint16Array, values: Uint16Array, at: number): number {
  let end = at;
  for (let i = 0; i < words.length && end < values.length; i++) {
    if (words[i]! < SHARE_PRIME) values[end++] = words[i]!;
  }
  return end;
}
