import type { Words } from './words.ts';

/**
 * r(k) = p(k)/p(μ), p the Poisson probabilities of mean μ, an integer: 1 at k = μ − 1 and μ, less everywhere else. Once in double precision
 * with a proven margin, once in integers as exactly as it is asked for.
 */

/** Thresholds count in units of 2^−32. */
export const UNIT = 2 ** 32;

/**
 * |r − its double| is below this: from 4096 on by the error of `byStirling` (each series is cut below 2^−50, and its 24 steps, the
 * division of j² and ten squarings round by less than 2^−39 together); below by at most 2·430 roundings of `byProduct`, less than 2^−43.
 */
const MARGIN = 2 ** -36;
const LEAST_FOR_STIRLING = 4096;

/** [low, high] with low ≤ r(k)·2^32 ≤ high, integers. For k with |k − μ| ≤ 8√μ + 30: beyond, the margin is not shown. */
export function ratioBounds(mean: number, k: number): readonly [low: number, high: number] {
  if (k < 0) return [0, 0];
  const ratio = mean < LEAST_FOR_STIRLING ? byProduct(mean, k) : byStirling(mean, k);
  return [Math.max(0, Math.floor((ratio - MARGIN) * UNIT)), Math.min(UNIT, Math.ceil((ratio + MARGIN) * UNIT))];
}

function byProduct(mean: number, k: number): number {
  let ratio = 1;
  for (let i = mean + 1; i <= k; i++) ratio *= mean / i;
  for (let i = mean; i > k; i--) ratio *= i / mean;
  return ratio;
}

const TERMS = 24;

/**
 * ln r(k) = −μ·((1 + x)ln(1 + x) − x) − ln(1 + x)/2 + θ(μ) − θ(k) with x = (k − μ)/μ and Stirling's remainder θ(n) = 1/12n − 1/360n³ + …;
 * for μ ≥ 4096 |x| stays below 0.14. Only + − × ÷, which every engine rounds alike: Math.log and Math.exp may differ.
 */
function byStirling(mean: number, k: number): number {
  const j = k - mean;
  const x = j / mean;
  let entropy = 0; // ((1 + x)ln(1 + x) − x)/x² = 1/2 − x/6 + x²/12 − …
  let logarithm = 0; // ln(1 + x)/x = 1 − x/2 + x²/3 − …
  for (let n = TERMS; n >= 1; n--) {
    entropy = 1 / (n * (n + 1)) - x * entropy;
    logarithm = 1 / n - x * logarithm;
  }
  return exponential(((-j * j) / mean) * entropy - (x * logarithm) / 2 + remainder(mean) - remainder(k));
}

function remainder(n: number): number {
  return (1 - 1 / (30 * n * n)) / (12 * n);
}

/** e^y for −35 ≤ y ≤ 1: eight terms at y/1024, squared ten times. */
function exponential(y: number): number {
  const small = y / 1024;
  let power = 1;
  for (let n = 8; n >= 1; n--) power = 1 + (small * power) / n;
  for (let i = 0; i < 10; i++) power *= power;
  return power;
}

/**
 * Whether a uniform point is under r(k): one of which only its first bits are known, `height` units of 2^−(32 + shift), and whose further
 * bits are drawn until that is certain.
 */
export function isUnder(
  mean: number,
  k: number,
  { height, shift }: { readonly height: number; readonly shift: number },
  words: Words,
): boolean {
  let point = BigInt(height);
  for (let bits = 32 + shift; ; bits += 32) {
    const [low, high] = exactRatio(mean, k, bits + GUARD);
    if ((point + 1n) << BigInt(GUARD) <= low) return true;
    if (point << BigInt(GUARD) >= high) return false;
    point = (point << 32n) | BigInt(words.next());
  }
}

/** Bits more than the point has: each of the products rounds. */
const GUARD = 64;

/** [low, high] with low ≤ r(k)·2^bits ≤ high, from |k − μ| products in integers: slow, and as sharp as is asked for. */
export function exactRatio(mean: number, k: number, bits: number): readonly [low: bigint, high: bigint] {
  if (k < 0) return [0n, 0n];
  const m = BigInt(mean);
  let low = 1n << BigInt(bits);
  let high = low;
  for (let i = mean + 1; i <= k; i++) {
    const divisor = BigInt(i);
    low = (low * m) / divisor;
    high = (high * m) / divisor + 1n;
  }
  for (let i = mean; i > k; i--) {
    const factor = BigInt(i);
    low = (low * factor) / m;
    high = (high * factor) / m + 1n;
  }
  return [low, high];
}
