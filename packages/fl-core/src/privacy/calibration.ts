import type { Encoding } from '@sotto/protocol/plan';
import type { Noise, PrivacyGoal } from '@sotto/protocol/privacy';
import { conversion, ORDERS } from './accountant.ts';
import { mostNoisedLambda } from './noise.ts';
import { skellamVariance } from './rdp.ts';
import { type Scale, type Sensitivity, sensitivityOf } from './sensitivity.ts';

/** From what a run promises to the noise of its rounds, and to levels that leave room for it. */
export interface Calibration {
  /** The noise that each contributor adds to levels of this scale. */
  noiseFor(scale: Scale): Noise;
  /** The largest λ beside whose noise nMax contributors fit the lanes; 0 where there is none. */
  mostLambda(shape: Shape, log2t: number): number;
}

export interface Shape extends Pick<Encoding, 'nMax' | 'lanes' | 'clip'> {
  /** The ranges of so many levels. */
  readonly rangesAt: (lambda: number) => Encoding['ranges'];
}

/** @param rounds  how many opened rounds the ε is divided by. */
export function calibrate(goal: PrivacyGoal, rounds: number): Calibration {
  const needed = neededVariance(goal, rounds);
  const { contributors, delta, epsilon = null } = goal;
  const noiseFor = (scale: Scale): Noise => {
    const pairs = Math.ceil(needed(sensitivityOf(scale)) / contributors / 2);
    return { mechanism: 'skellam', variance: 2 * Math.max(1, pairs), contributors, epsilon, delta };
  };
  return {
    noiseFor,
    mostLambda({ rangesAt, ...shape }, log2t) {
      // Finer levels need more noise, counted in levels, and more room for themselves: what fits, fits below, too.
      const fits = (lambda: number) => {
        const scale = { ...shape, lambda, ranges: rangesAt(lambda) };
        return lambda <= mostNoisedLambda(scale, noiseFor(scale).variance, log2t);
      };
      let most = 0;
      for (let step = 2 ** 30; step >= 1; step /= 2) if (fits(most + step)) most += step;
      return most;
    },
  };
}

/**
 * The least variance of the sum's noise. With a noise multiplier z: (z·Δ2)². Else the ε is divided evenly: at the one order α* that leaves
 * most for the noise to do, argmax_α (ε − conversion(α, δ))/α, each round may cost ρ(α*) = (ε − conversion(α*, δ))/rounds. As α* depends
 * on ε and δ alone, rounds with other levels or cohorts add up to the ε, too.
 */
function neededVariance(
  { epsilon, noiseMultiplier, delta }: PrivacyGoal,
  rounds: number,
): (sensitivity: Sensitivity) => number {
  if (noiseMultiplier !== undefined) return ({ l2Squared }) => noiseMultiplier ** 2 * l2Squared;
  const costs = ORDERS.map((alpha) => ({ alpha, whole: epsilon! - conversion(alpha, delta) }));
  const { alpha, whole } = costs.reduce((best, cost) =>
    cost.whole / cost.alpha > best.whole / best.alpha ? cost : best,
  );
  return (sensitivity) => skellamVariance(alpha, sensitivity, whole / rounds);
}
