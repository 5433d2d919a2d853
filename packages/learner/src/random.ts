/** The next number of a stream, uniform over [0, 1). For data order, initial weights and tests: never for keys or noise. */
export type Random = () => number;

/** Mixes two words into one, so that the streams of neighbouring seeds have nothing in common (murmur3's finaliser). */
export function mixSeed(seed: number, salt: number): number {
  let word = (seed ^ Math.imul(salt + 1, 0x9e3779b9)) >>> 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

/** sfc32 (Doty-Humphrey, PractRand): 128 bits of state, of which the seed fills 32. */
export function createRandom(seed: number): Random {
  let a = mixSeed(seed, 0);
  let b = mixSeed(seed, 1);
  let c = mixSeed(seed, 2);
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** The numbers 0 … length − 1 in random order (Fisher and Yates). */
export function shuffledIndices(length: number, random: Random): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}

/**
 * Runs `work`, which must be synchronous, while `Math.random` is the given stream. TF.js seeds every draw that its caller left unseeded
 * (initialisers, dropout, noise layers) from `Math.random`; this is the one place where all of them can be made reproducible.
 */
export function withSeededDraws<T>(random: Random, work: () => T): T {
  const unseeded = Math.random;
  Math.random = random;
  try {
    return work();
  } finally {
    Math.random = unseeded;
  }
}
