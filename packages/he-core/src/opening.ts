import { centre, lagrange } from './field.ts';
import { ensure } from './invariant-error.ts';
import { N, SHARE_PRIME } from './params.ts';
import { type Rejection, reject } from './rejection.ts';

export { type AnswerEntry, decodeAnswer } from './answer.ts';
export { type Judgement, judgeAnswers } from './judgement.ts';
export { decodeOpening } from './share-vector.ts';

/** t-subsets tried at most when openings disagree; enough for all of them in committees of up to 13. */
const MOST_SUBSETS = 1_000;

export interface RecoveredKey {
  /** K = Σ k_i, centred mod p, N coefficients. */
  readonly key: Int32Array;
  /** x of the member whose opening alone contradicts the others; empty when that cannot be told. */
  readonly blamed: number[];
}

/**
 * The sum key from t or more openings by Lagrange interpolation at 0. When openings disagree, t-subsets are tried in
 * lexicographic order and the first K that `accept` (both residual tests) passes is taken. A member is named only when
 * t + 2 or more opened and it alone disagrees with the accepted K.
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

/** All subsets of `size` elements, in lexicographic order. */
function* subsets(elements: readonly number[], size: number): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let first = 0; first + size <= elements.length; first++) {
    for (const rest of subsets(elements.slice(first + 1), size - 1)) yield [elements[first]!, ...rest];
  }
}
