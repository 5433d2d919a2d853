/** Orders at which costs are kept: dense where ε is usual, sparse far out, where ε is small. */
export const ORDERS: readonly number[] = [
  ...Array.from({ length: 255 }, (_, i) => i + 2),
  ...[288, 320, 384, 448, 512, 640, 768, 1024, 1536, 2048, 4096, 8192],
];

/**
 * What a cost ρ at order α adds up to, at least, as ε: ρ + ln(1 − 1/α) − ln(αδ)/(α − 1) is the ε of the pair (Canonne, Kamath, Steinke
 * 2020, Proposition 12); this is its part that does not depend on ρ.
 */
export function conversion(alpha: number, delta: number): number {
  return Math.log1p(-1 / alpha) - Math.log(alpha * delta) / (alpha - 1);
}

/** ε = min_α [ρ(α) + ln(1 − 1/α) − ln(αδ)/(α − 1)], never below 0. `rdp` stands in the order of `orders`. */
export function epsilonOf(rdp: readonly number[], delta: number, orders: readonly number[] = ORDERS): number {
  return Math.max(0, Math.min(...orders.map((alpha, i) => rdp[i]! + conversion(alpha, delta))));
}
