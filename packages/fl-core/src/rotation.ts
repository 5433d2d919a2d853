/**
 * A seeded rotation y = R·x of an update, so that few bits to a coordinate suffice (Suresh et al. 2017; Konečný et al. 2016): shuffle all
 * d coordinates, then in each block change random signs and apply the Walsh–Hadamard transform, divided by √B. Every coordinate of y is
 * then about as large as every other, whatever x was, so that one range fits all. R is orthogonal: ‖y‖₂ = ‖x‖₂, and since it is linear
 * too, the sum of rotated updates is the rotated sum.
 *
 * Blocks are B = min(4096, 2^⌊log₂ d⌋) long and start at 0, B, 2B …; where B does not divide d a last one at d − B overlaps the one
 * before it, applied after it and with signs of its own. Nothing is padded: y has d coordinates as x has.
 */
const MOST_BLOCK = 4096;

/** The rotation of a plan. Its seed is public, like everything in a plan: it hides nothing. */
export interface Rotation {
  /** u32. */
  readonly seed: number;
}

/** Another one for each round and group of a run; for the same seed the same, so that a simulation repeats itself. */
export function rotationSeed(
  runSeed: number,
  { round, group }: { readonly round: number; readonly group: number },
): number {
  return [round, group].reduce((word, part) => createWords(word ^ part)(), createWords(runSeed)());
}

/** R·x. */
export function rotate(x: ArrayLike<number>, { seed }: Rotation): Float64Array<ArrayBuffer> {
  const words = createWords(seed);
  const order = shuffledOrder(x.length, words);
  const y = new Float64Array(x.length);
  for (let i = 0; i < y.length; i++) y[i] = x[order[i]!]!;
  for (const block of blocksOf(y)) {
    changeSigns(block, signWords(block.length, words));
    transform(block);
  }
  return y;
}

/** R⁻¹·y = Rᵀ·y. */
export function rotateBack(y: ArrayLike<number>, { seed }: Rotation): Float64Array<ArrayBuffer> {
  const words = createWords(seed);
  const order = shuffledOrder(y.length, words);
  const shuffled = Float64Array.from(y);
  const blocks = blocksOf(shuffled).map((block) => ({ block, signs: signWords(block.length, words) }));
  for (const { block, signs } of blocks.reverse()) {
    transform(block);
    changeSigns(block, signs);
  }
  const x = new Float64Array(y.length);
  for (let i = 0; i < x.length; i++) x[order[i]!] = shuffled[i]!;
  return x;
}

/** In the order in which they are rotated. */
function blocksOf(all: Float64Array): Float64Array[] {
  const { length } = all;
  if (length === 0) return [];
  const size = Math.min(MOST_BLOCK, 2 ** Math.floor(Math.log2(length)));
  const blocks: Float64Array[] = [];
  for (let start = 0; start + size <= length; start += size) blocks.push(all.subarray(start, start + size));
  if (length % size !== 0) blocks.push(all.subarray(length - size));
  return blocks;
}

/** Fisher and Yates, from the last place down: j = ⌊word·(i + 1)/2³²⌋ changes places with i. */
function shuffledOrder(length: number, words: () => number): Uint32Array<ArrayBuffer> {
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor((words() * (i + 1)) / 2 ** 32);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}

/** One bit for each coordinate of a block, lowest first; set means minus. */
function signWords(size: number, words: () => number): Uint32Array<ArrayBuffer> {
  const signs = new Uint32Array(Math.ceil(size / 32));
  for (let i = 0; i < signs.length; i++) signs[i] = words();
  return signs;
}

function changeSigns(block: Float64Array, signs: Uint32Array): void {
  for (let i = 0; i < block.length; i++) if ((signs[i >>> 5]! >>> (i & 31)) & 1) block[i] = -block[i]!;
}

/** x ← H·x/√B in place: H_ij = (−1)^{number of ones in i & j}. Two steps of the butterfly at once, which halves the passes over memory. */
function transform(x: Float64Array): void {
  const { length } = x;
  let half = 1;
  for (; 4 * half <= length; half *= 4)
    for (let start = 0; start < length; start += 4 * half)
      for (let i = start; i < start + half; i++) {
        const a = x[i]!;
        const b = x[i + half]!;
        const c = x[i + 2 * half]!;
        const d = x[i + 3 * half]!;
        x[i] = a + b + (c + d);
        x[i + half] = a - b + (c - d);
        x[i + 2 * half] = a + b - (c + d);
        x[i + 3 * half] = a - b - (c - d);
      }
  if (half < length)
    for (let i = 0; i < half; i++) {
      const a = x[i]!;
      const b = x[i + half]!;
      x[i] = a + b;
      x[i + half] = a - b;
    }
  const root = Math.sqrt(length);
  for (let i = 0; i < length; i++) x[i] = x[i]! / root;
}

/** splitmix32: uniform words from a seed, the same everywhere. */
function createWords(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
