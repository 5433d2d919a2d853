import type { Sensitivity } from './sensitivity.ts';

/**
 * Rényi differential privacy ρ(α) of one round, at integer orders α ≥ 2, nats. Costs of rounds add up order by order;
 * accountant.ts turns their sum into (ε, δ).
 */

/**
 * Skellam noise of variance μ on an integer sum to which one contributor adds a vector of norms Δ1 and Δ2 (Agarwal, Kairouz, Liu 2021,
 * Theorem 3.5): ρ(α) = αΔ2²/2μ + min{((2α − 1)Δ2² + 6Δ1)/4μ², 3Δ1/2μ}.
 */
export function skellamRdp(alpha: number, { l1, l2Squared }: Sensitivity, variance: number): number {
  return (
    (alpha * l2Squared) / (2 * variance) +
    Math.min(((2 * alpha - 1) * l2Squared + 6 * l1) / (4 * variance ** 2), (3 * l1) / (2 * variance))
  );
}

/** The least variance μ of Skellam noise for which ρ(α) ≤ `most`: both bounds of `skellamRdp` solved for μ, and the smaller taken. */
export function skellamVariance(alpha: number, { l1, l2Squared }: Sensitivity, most: number): number {
  const linear = (alpha * l2Squared) / 2;
  const square = ((2 * alpha - 1) * l2Squared + 6 * l1) / 4;
  return Math.min((linear + Math.sqrt(linear ** 2 + 4 * most * square)) / (2 * most), (linear + (3 * l1) / 2) / most);
}

/** Gaussian noise of z times the sensitivity, everybody taking part: ρ(α) = α/2z² (Mironov 2017, Proposition 7). */
export function gaussianRdp(alpha: number, z: number): number {
  return alpha / (2 * z ** 2);
}

/**
 * The same where each contributor takes part with probability q, independently and unknown to everybody (Mironov, Talwar, Zhang 2019):
 * ρ(α) = ln(Σ_k C(α,k)(1 − q)^{α−k} q^k e^{(k² − k)/2z²})/(α − 1). A cohort that is open, or that the coordinator picks, claims no such
 * amplification: it is here to compare with.
 */
export function sampledGaussianRdp(alpha: number, z: number, q: number): number {
  if (q === 1) return gaussianRdp(alpha, z);
  const logs: number[] = [];
  let logBinomial = 0;
  for (let k = 0; k <= alpha; k++) {
    logs.push(logBinomial + (alpha - k) * Math.log1p(-q) + k * Math.log(q) + (k * k - k) / (2 * z ** 2));
    logBinomial += Math.log((alpha - k) / (k + 1));
  }
  const most = Math.max(...logs);
  return (most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0))) / (alpha - 1);
}
