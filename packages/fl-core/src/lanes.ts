/**
 * Signed lanes: L small signed integers share one coefficient, m = Σ_l ℓ_l·2^{wl} with w = ⌊log2 t / L⌋ bits each.
 * Coefficient i, lane l holds coordinate L·i + l. Sums of coefficients are sums in every lane, as long as no lane leaves
 * [−2^{w−1}, 2^{w−1}). Everything stays below 2^53, so plain numbers are exact.
 */
export function laneBits(log2t: number, lanes: number): number {
  return Math.floor(log2t / lanes);
}

/** Levels are held in 32 bits. A float32 delta has 24 significant bits: finer levels would say nothing more. */
export const MOST_LEVEL = 2 ** 31 - 1;

/**
 * λ = ⌊(2^{w−1} − 1 − X)/nMax⌋: nMax contributors at level λ still fit a lane, and X of noise beside them. With one lane it can exceed
 * MOST_LEVEL; where it is below 1 there is no room.
 */
export function mostLambda(log2t: number, lanes: number, nMax: number, noiseRoom = 0): number {
  return Math.floor((2 ** (laneBits(log2t, lanes) - 1) - 1 - noiseRoom) / nMax);
}

/**
 * The most lanes, of four, three or two, in which levels still have so many bits: λ ≥ 2^{bits−1} − 1. One where even two are too many.
 *
 * @param lambdaIn  the largest λ in so many lanes.
 */
export function chooseLanes(lambdaIn: (lanes: number) => number, bits: number): number {
  return [4, 3, 2].find((lanes) => lambdaIn(lanes) >= 2 ** (bits - 1) - 1) ?? 1;
}

/** Levels (d) → coefficients (⌈d/L⌉), written to `into`; missing lanes of the last coefficient are 0. */
export function packLanes(levels: ArrayLike<number>, lanes: number, bits: number, into: Float64Array): void {
  const unit = 2 ** bits;
  const coefficients = Math.ceil(levels.length / lanes);
  for (let i = 0; i < coefficients; i++) {
    let m = 0;
    for (let l = lanes - 1; l >= 0; l--) m = m * unit + (levels[lanes * i + l] ?? 0);
    into[i] = m;
  }
}

/** Coefficients of a sum, signed or mod t → `count` levels: lowest lane first, each centred mod 2^w. */
export function unpackLanes(coefficients: Float64Array, lanes: number, bits: number, count: number): Float64Array {
  const unit = 2 ** bits;
  const levels = new Float64Array(count);
  for (let i = 0; i < Math.ceil(count / lanes); i++) {
    let rest = coefficients[i]!;
    for (let l = 0; l < lanes && lanes * i + l < count; l++) {
      let level = rest % unit;
      if (level < -unit / 2) level += unit;
      else if (level >= unit / 2) level -= unit;
      levels[lanes * i + l] = level + 0; // −0 becomes 0
      rest = (rest - level) / unit;
    }
  }
  return levels;
}
