import { centre, lagrange } from './field.ts';
import { ensure } from './invariant-error.ts';
import { N, SHARE_PRIME } from './params.ts';
import { type Rejection, reject } from './rejection.ts';

export { type AnswerEntry, decodeAnswer } from './answer.ts';
export { type Judgement, judgeAnswers } from './judgement.ts';
export { decodeOpening } from './share-vector.ts';

/** t-subsets tried at most when openings disagree; all there are in committees of up to 12, and a wide choice in larger ones. */
const MOST_SUBSETS = 1_000;

export interface RecoveredKey {
  /** K = Σ k_i, centred mod p, N coefficients. */
  readonly key: Int32Array;
  /** x of the member whose opening alone contradicts the others; empty when that cannot be told. */
  readonly blamed: number[];
}

/**
 * The sum key from t or more openings by Lagrange interpolation at 0. When openings disagree, t-subsets are tried, and
 * the first K that `accept` (both residual tests) passes is taken. A member is named only when t + 2 or more opened and
 * it alone disagrees with the accepted K.
 */
export async function recoverSumKey(options: {
  threshold: number;
  /** x → Σ_{i∈U} share_i mod p, N values. */
  openings: ReadonlyMap<number, Uint16Array>;
  accept: (key: Int32Array) => Promise<boolean>;
}): Promise<RecoveredKey | Rejection> {
  const { threshold, openings, accept } = options;
  for (const [x, { length }] of openings) ensure(length === N, `member ${x} opened ${length} values, not ${N}`);
  const xs = [...openings.keys()].sort((a, b) => a - b);
  if (xs.length < threshold) {
    return reject('openings_few', `${xs.length} openings; the sum key needs ${threshold}`);
  }
  let tried = 0;
  for (const subset of subsets(xs, threshold)) {
    if (tried++ === MOST_SUBSETS) break;
    const key = interpolate(openings, subset, 0).map(centre);
    const others = xs.filter((x) => !subset.includes(x));
    if (await accept(key)) {
      const liars = others.filter((x) => !agrees(openings, subset, x));
      return { key, blamed: xs.length >= threshold + 2 && liars.length === 1 ? liars : [] };
    }
    if (tried === 1 && others.every((x) => agrees(openings, subset, x))) {
      return reject('key_refused', `${xs.length} openings agree on a sum key that fails the residual tests`);
    }
  }
  return reject('openings_disagree', `no ${threshold} of ${xs.length} openings give a sum key that passes its tests`);
}

/** The polynomials through the subset's openings, evaluated at `at`; canonical residues. */
function interpolate(
  openings: ReadonlyMap<number, Uint16Array>,
  subset: readonly number[],
  at: number,
): Int32Array<ArrayBuffer> {
  const weights = lagrange(subset, at);
  const rows = subset.map((x) => openings.get(x)!);
  const values = new Int32Array(N);
  for (let i = 0; i < N; i++) {
    let sum = 0;
    for (let r = 0; r < rows.length; r++) sum += weights[r]! * rows[r]![i]!;
    values[i] = sum % SHARE_PRIME;
  }
  return values;
}

function agrees(openings: ReadonlyMap<number, Uint16Array>, subset: readonly number[], x: number): boolean {
  const opening = openings.get(x)!;
  return interpolate(openings, subset, x).every((value, i) => value === opening[i]);
}

/**
 * Subsets of `size` elements, each once: first those that lie evenly around the circle of members, so that every single
 * liar, and nearly every pair, is soon left out however large the committee; then all others, in lexicographic order.
 */
function* subsets(elements: readonly number[], size: number): Generator<number[]> {
  const seen = new Set<string>();
  for (const subset of strides(elements, size)) {
    if (seen.has(subset.join())) continue;
    seen.add(subset.join());
    yield subset;
  }
  for (const subset of inOrder(elements, size)) if (!seen.has(subset.join())) yield subset;
}

function* strides(elements: readonly number[], size: number): Generator<number[]> {
  const count = elements.length;
  for (let stride = 1; stride < count; stride++) {
    if (greatestDivisor(stride, count) > 1) continue;
    for (let start = 0; start < count; start++)
      yield Array.from({ length: size }, (_, i) => elements[(start + i * stride) % count]!).sort((a, b) => a - b);
  }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function* inOrder(elements: readonly number[], size: number): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let first = 0; first + size <= elements.length; first++) {
    for (const rest of inOrder(elements.slice(first + 1), size - 1)) yield [elements[first]!, ...rest];
  }
}
