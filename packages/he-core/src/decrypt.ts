import { layout, sentOf, unpack } from './codec.ts';
import { maskSpans } from './masking.ts';
import { N, PROFILES, type ProfileName } from './params.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import { keyResidualWithin, residualLimit } from './residual.ts';

export { keyResidualWithin } from './residual.ts';

const TWO_32 = 2 ** 32;

export interface OpenedSum {
  /** M, centred mod t: the exact signed sums of the contributors' messages, `coefficients` of them. */
  readonly messages: Float64Array;
  /** Σ r² over the sent coefficients of each polynomial. */
  readonly residualSquares: Float64Array;
}

/**
 * Decrypts a sum: v = c + a·K mod q, M = ⌊(v + ⌊Δ/2⌋)/Δ⌋ mod t, r = (v − Δ·M) mod q centred. Refused unless K and every
 * polynomial pass the residual test, so a wrong key, plan or contributor count never yields numbers.
 */
export async function decryptSum(options: {
  profile: ProfileName;
  planHash: Uint8Array;
  coefficients: number;
  sum: Uint8Array;
  /** K, centred mod p, N coefficients. */
  sumKey: Int32Array;
  /** |U|. */
  contributors: number;
  /** Place in the plan of the sum's first polynomial; 0 but in known-answer tests. */
  firstPolynomial?: number;
}): Promise<OpenedSum | Rejection> {
  const { profile, planHash, coefficients, sumKey, contributors, firstPolynomial } = options;
  const { q } = PROFILES[profile];
  const shape = layout(coefficients);
  if (!keyResidualWithin(sumKey, contributors)) {
    return reject('key_residual', `the sum key is not a sum of ${contributors} honest keys`);
  }
  const sum = unpack(options.sum, coefficients, q);
  if (isRejection(sum)) return sum;
  const messages = new Float64Array(coefficients);
  const residualSquares = new Float64Array(shape.polynomials);
  for await (const { first, count, words } of maskSpans(
    profile,
    planHash,
    sumKey,
    shape.polynomials,
    firstPolynomial,
  )) {
    for (let p = 0; p < count; p++) {
      const polynomial = first + p;
      const start = polynomial * N;
      const sent = sentOf(shape, polynomial);
      for (let i = 0; i < sent; i++) {
        const w = 2 * (p * N + i);
        const shifted = sum[start + i]! + words[w + 1]! * TWO_32 + words[w]!;
        sum[start + i] = shifted >= q ? shifted - q : shifted;
      }
      const used = sum.subarray(start, start + sent);
      const squares = roundPolynomial(profile, used, messages.subarray(start, start + sent));
      if (squares > residualLimit(contributors, sent)) {
        return reject(
          'sum_residual',
          `polynomial ${polynomial} of the sum is off its residual bound: wrong key or sum`,
        );
      }
      residualSquares[polynomial] = squares;
    }
  }
  return { messages, residualSquares };
}

/** Rounds v to messages (as many as `messages` holds) and returns Σ r² over all of v. */
function roundPolynomial(profile: ProfileName, v: Float64Array, messages: Float64Array): number {
  const { q, t, delta } = PROFILES[profile];
  const half = Math.floor(delta / 2);
  let squares = 0;
  for (let i = 0; i < v.length; i++) {
    // Exact: v < 2^51, so the quotient is off by less than 1/(4Δ), and only a multiple of Δ gives an integer.
    const quotient = Math.floor((v[i]! + half) / delta);
    const m = quotient === t ? 0 : quotient;
    let r = v[i]! - delta * m;
    if (r > q / 2) r -= q;
    squares += r * r;
    if (i < messages.length) messages[i] = m >= t / 2 ? m - t : m;
  }
  return squares;
}
