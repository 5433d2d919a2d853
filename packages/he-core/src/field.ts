import { InvariantError } from './invariant-error.ts';
import { SHARE_PRIME as P } from './params.ts';

/** Canonical residue mod p of any safe integer. */
export function reduce(value: number): number {
  const residue = value % P;
  return residue < 0 ? residue + P : residue;
}

/** The representative nearest zero of a canonical residue. */
export function centre(residue: number): number {
  return residue > P / 2 ? residue - P : residue;
}

function inverse(value: number): number {
  let result = 1;
  let base = reduce(value);
  if (base === 0) throw new InvariantError('inverse of zero mod p: two equal evaluation points');
  for (let exponent = P - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = (result * base) % P;
    base = (base * base) % P;
  }
  return result;
}

/**
 * Lagrange weights: Σ_i w_i · f(x_i) = f(at) mod p for every polynomial f of degree < |points| over Z_p, the points
 * distinct mod p (Shamir 1979).
 */
export function lagrange(points: readonly number[], at: number): number[] {
  return points.map((xi) => {
    let numerator = 1;
    let denominator = 1;
    for (const xj of points) {
      if (xj === xi) continue;
      numerator = (numerator * reduce(at - xj)) % P;
      denominator = (denominator * reduce(xi - xj)) % P;
    }
    return (numerator * inverse(denominator)) % P;
  });
}

/** Σ w_i · v_i mod p; exact for fewer than 2^20 terms. */
export function dot(weights: readonly number[], values: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * values[i]!;
  return sum % P;
}
