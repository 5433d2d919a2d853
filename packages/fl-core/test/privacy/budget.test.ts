import type { Exposure } from '@sotto/protocol/budget';
import type { Noise, PrivacyGoal } from '@sotto/protocol/privacy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epsilonOf } from '../../src/privacy/accountant.ts';
import { affords, budgetOf, epsilonSpent } from '../../src/privacy/budget.ts';
import { calibrate } from '../../src/privacy/calibration.ts';
import { costOf, exposureOf } from '../../src/privacy/noise.ts';

const ENCODING = {
  profile: 'n47' as const,
  nMax: 47,
  lanes: 2,
  lambda: 4000,
  ranges: [{ size: 1000, range: 0.05 }],
  clip: 1,
  exampleCap: 1,
  metadata: [],
};
const GOAL: PrivacyGoal = { epsilon: 2, delta: 1e-5, contributors: 10 };

/** What a round of a run of `rounds` exposes. */
function exposureIn(goal: PrivacyGoal, rounds: number, lambda = ENCODING.lambda): Exposure {
  const encoding = { ...ENCODING, lambda };
  return exposureOf(encoding, calibrate(goal, rounds).noiseFor(encoding));
}

const times = (count: number, exposure: Exposure) => Array.from({ length: count }, () => [exposure]);

describe('the budget of a run', () => {
  it('lasts for the rounds it was divided by and for none more, whatever was promised', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 20, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 3, max: 40 }),
        (epsilon, rounds, contributors) => {
          const goal = { ...GOAL, epsilon, contributors };
          const exposure = exposureIn(goal, rounds);
          const [before, after] = [times(rounds - 1, exposure), times(rounds, exposure)];
          expect(affords(goal, before, [exposure])).toBe(true);
          expect(affords(goal, after, [exposure])).toBe(false);
          expect(budgetOf(goal, before, { next: [exposure], planned: 5 }).roundsLeft).toBe(1);
          expect(budgetOf(goal, after, { next: [exposure], planned: 5 })).toMatchObject({ roundsLeft: 0, epsilon });
          expect(epsilonSpent(goal.delta, after)).toBeLessThanOrEqual(epsilon * (1 + 1e-9));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is not gone beyond by rounds with other levels: the noise is counted in the levels of its round', () => {
    const exposures = [4000, 500, 20_000, 4000].map((lambda) => [exposureIn(GOAL, 4, lambda)]);
    expect(epsilonSpent(GOAL.delta, exposures)).toBeLessThanOrEqual(2 * (1 + 1e-9));
    expect(affords(GOAL, exposures.slice(1), exposures[0]!)).toBe(true);
  });

  it('is spent as the accountant says of the same plans', () => {
    const noise: Noise = calibrate(GOAL, 7).noiseFor(ENCODING);
    const exposure = exposureOf(ENCODING, noise);
    const cost = costOf(exposure);
    const spent = epsilonSpent(GOAL.delta, times(3, exposure));
    expect(spent).toBe(
      epsilonOf(
        cost.map((rho) => rho + rho + rho),
        GOAL.delta,
      ),
    );
  });

  it('is untouched before the first round', () => {
    expect(epsilonSpent(GOAL.delta, [])).toBe(0);
    const next = [exposureIn(GOAL, 12)];
    expect(budgetOf(GOAL, [], { next, planned: 12 })).toMatchObject({ spent: 0, roundsLeft: 12, contributors: 10 });
  });

  it('is spent once a round of several groups, as in the group that exposes most', () => {
    const weak = { ...exposureIn(GOAL, 5), variance: exposureIn(GOAL, 5).variance / 2 };
    const strong = exposureIn(GOAL, 5);
    expect(epsilonSpent(GOAL.delta, [[strong, weak, strong]])).toBe(epsilonSpent(GOAL.delta, [[weak]]));
    expect(epsilonSpent(GOAL.delta, [[strong, weak]])).toBeGreaterThan(epsilonSpent(GOAL.delta, [[strong]]));
  });

  it('says what is spent at the end, also where only the noise was settled', () => {
    const goal: PrivacyGoal = { noiseMultiplier: 4, delta: 1e-5, contributors: 10 };
    const exposure = exposureIn(goal, 10);
    const budget = budgetOf(goal, times(3, exposure), { next: [exposure], planned: 7 });
    expect(budget).toMatchObject({ epsilon: null, roundsLeft: null });
    expect(budget.atEnd).toBeCloseTo(epsilonSpent(goal.delta, times(10, exposure)), 12);
    // Gaussian noise of z = 4 costs 3.627852 in ten rounds; Skellam noise hardly more.
    expect(budget.atEnd).toBeGreaterThan(3.6278);
    expect(budget.atEnd).toBeLessThan(3.7);
  });

  it('ends a run whose noise was settled where the limit does not allow for all its rounds', () => {
    const goal: PrivacyGoal = { noiseMultiplier: 4, epsilon: 2.5, delta: 1e-5, contributors: 10 };
    const exposure = exposureIn(goal, 10);
    const { roundsLeft, atEnd } = budgetOf(goal, [], { next: [exposure], planned: 10 });
    expect(roundsLeft).toBeLessThan(10);
    expect(atEnd).toBeLessThanOrEqual(2.5);
    expect(affords(goal, times(roundsLeft! - 1, exposure), [exposure])).toBe(true);
    expect(affords(goal, times(roundsLeft!, exposure), [exposure])).toBe(false);
  });
});
