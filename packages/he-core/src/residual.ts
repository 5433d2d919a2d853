import { N, NOISE_VARIANCE } from './params.ts';

/**
 * The most Σ r² that `coefficients` residuals of a sum of `contributors` honest updates may have:
 * 21 · n · (u + 2·√(32u) + 64). Honest rounds exceed it with probability 2^−46; garbage is far beyond.
 */
export function residualLimit(contributors: number, coefficients: number): number {
  return NOISE_VARIANCE * contributors * (coefficients + 2 * Math.sqrt(32 * coefficients) + 64);
}

/** Whether a recovered sum key K is as short as the sum of `contributors` honest keys: the residual test with u = N. */
export function keyResidualWithin(sumKey: Int32Array, contributors: number): boolean {
  if (sumKey.length !== N) return false;
  let squares = 0;
  for (const k of sumKey) squares += k * k;
  return squares <= residualLimit(contributors, N);
}
