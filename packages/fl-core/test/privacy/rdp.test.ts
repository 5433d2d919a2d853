import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epsilonOf, ORDERS } from '../../src/privacy/accountant.ts';
import { gaussianRdp, sampledGaussianRdp, skellamRdp, skellamVariance } from '../../src/privacy/rdp.ts';
import { poissonProbabilities } from './goodness.ts';

/** D_α(X + shift ‖ X) of Skellam noise X, summed over all that is not negligible. */
function exactDivergence(alpha: number, variance: number, shift: number): number {
  const single = poissonProbabilities(variance / 2);
  const noise = new Map<number, number>();
  for (const [a, p] of single) for (const [b, q] of single) noise.set(a - b, (noise.get(a - b) ?? 0) + p * q);
  let sum = 0;
  for (const [k, p] of noise) {
    const shifted = noise.get(k - shift);
    if (shifted !== undefined) sum += p * (shifted / p) ** alpha;
  }
  return Math.log(sum) / (alpha - 1);
}

describe('the cost of Skellam noise', () => {
  it.each([
    [2, 20, 1],
    [2, 200, 3],
    [5, 200, 3],
    [8, 400, 4],
    [16, 2000, 5],
  ])(
    'at order %i, variance %i and a shift of %i is no less than what is really given away, and hardly more',
    (alpha, variance, shift) => {
      const claimed = skellamRdp(alpha, { l1: shift, l2Squared: shift ** 2 }, variance);
      const really = exactDivergence(alpha, variance, shift);
      expect(claimed).toBeGreaterThanOrEqual(really);
      expect(claimed).toBeLessThan(1.25 * really);
    },
  );

  it('approaches that of Gaussian noise of the same variance as noise and levels grow', () => {
    const [z, l2] = [3, 10_000];
    const claimed = skellamRdp(10, { l1: 1000 * l2, l2Squared: l2 ** 2 }, (z * l2) ** 2);
    expect(claimed).toBeGreaterThan(gaussianRdp(10, z));
    expect(claimed).toBeCloseTo(gaussianRdp(10, z), 3);
  });

  it('is what was asked for at the variance that was asked for, and more at any smaller one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 256 }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        fc.double({ min: 1, max: 1000, noNaN: true }),
        fc.double({ min: 1e-4, max: 10, noNaN: true }),
        (alpha, l2, stretch, cost) => {
          const sensitivity = { l1: Math.min(l2 * stretch, l2 ** 2), l2Squared: l2 ** 2 };
          const variance = skellamVariance(alpha, sensitivity, cost);
          expect(skellamRdp(alpha, sensitivity, variance) / cost).toBeCloseTo(1, 9);
          expect(skellamRdp(alpha, sensitivity, 0.999 * variance)).toBeGreaterThan(cost);
        },
      ),
    );
  });
});

describe('the accountant', () => {
  it('claims less where only some take part, and the same where all do', () => {
    for (const alpha of [2, 10, 60]) {
      expect(sampledGaussianRdp(alpha, 2, 1)).toBe(gaussianRdp(alpha, 2));
      expect(sampledGaussianRdp(alpha, 2, 1 - 1e-12)).toBeCloseTo(gaussianRdp(alpha, 2), 9);
      expect(sampledGaussianRdp(alpha, 2, 0.1)).toBeLessThan(gaussianRdp(alpha, 2));
    }
  });

  it('never says less than nothing, and more for more rounds and a smaller δ', () => {
    const cost = (rounds: number) => ORDERS.map((alpha) => rounds * gaussianRdp(alpha, 5));
    expect(epsilonOf(cost(0), 0.01)).toBe(0);
    expect(epsilonOf(cost(2), 1e-5)).toBeGreaterThan(epsilonOf(cost(1), 1e-5));
    expect(epsilonOf(cost(1), 1e-9)).toBeGreaterThan(epsilonOf(cost(1), 1e-5));
  });
});
