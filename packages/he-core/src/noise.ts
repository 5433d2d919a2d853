import { ETA } from './params.ts';

/** getRandomValues refuses more at once. */
const QUOTA_BYTES = 65_536;
/** Eight samples take 8 × 84 bits = 21 words exactly: 16 words as eight pairs, 4 as half-words, 1 as nibbles. */
const WORDS_PER_EIGHT = 21;
const EIGHTS = Math.floor(QUOTA_BYTES / 4 / WORDS_PER_EIGHT);

/**
 * `count` centred binomial samples, η = 42: the number of ones among 84 fair bits, minus 42 (complementing the last 42
 * bits shows that this is the difference of two sums of 42). Bits come from WebCrypto only and are wiped after use.
 */
export function sampleNoise(count: number): Int8Array {
  const samples = new Int8Array(Math.ceil(count / 8) * 8);
  const words = new Uint32Array(Math.min(EIGHTS, samples.length / 8) * WORDS_PER_EIGHT);
  for (let at = 0; at < samples.length; ) {
    const eights = Math.min(EIGHTS, (samples.length - at) / 8);
    crypto.getRandomValues(words.subarray(0, eights * WORDS_PER_EIGHT));
    for (let w = 0; w < eights * WORDS_PER_EIGHT; w += WORDS_PER_EIGHT) {
      const nibbles = words[w + 20]!;
      for (let i = 0; i < 8; i++) {
        const half = (words[w + 16 + (i >> 1)]! >>> ((i & 1) << 4)) & 0xffff;
        const rest = (half << 4) | ((nibbles >>> (i << 2)) & 0xf);
        samples[at++] = ones(words[w + 2 * i]!, words[w + 2 * i + 1]!, rest) - ETA;
      }
    }
  }
  words.fill(0);
  return samples.subarray(0, count);
}

/** Ones in three words: counted in 2-bit, then 4-bit fields (at most 12 together), then bytes. */
function ones(a: number, b: number, c: number): number {
  a -= (a >>> 1) & 0x55555555;
  b -= (b >>> 1) & 0x55555555;
  c -= (c >>> 1) & 0x55555555;
  const nibbles =
    (a & 0x33333333) +
    ((a >>> 2) & 0x33333333) +
    (b & 0x33333333) +
    ((b >>> 2) & 0x33333333) +
    (c & 0x33333333) +
    ((c >>> 2) & 0x33333333);
  const bytes = (nibbles & 0x0f0f0f0f) + ((nibbles >>> 4) & 0x0f0f0f0f);
  return Math.imul(bytes, 0x01010101) >>> 24;
}
