import { InvariantError } from '@sotto/protocol/rejection';
import { encodeStateFile, type StrategyState } from '@sotto/protocol/state-file';
import { Strategy } from '@sotto/protocol/strategy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { l2Norm } from '../../src/clip.ts';
import { advance } from '../../src/strategy/strategy.ts';

const WITH_DEFAULTS = [
  { name: 'FedAvg' },
  { name: 'FedAvgM' },
  { name: 'FedAvgM', server_learning_rate: 0.5, server_momentum: 0.9 },
  { name: 'FedProx', proximal_mu: 0.1 },
  { name: 'FedAdam' },
  { name: 'FedYogi' },
  { name: 'FedAdagrad' },
].map((strategy) => Strategy.parse(strategy));

/** Rounds of means within a ball of radius 1, of a model of five weights. */
const means = fc.array(fc.array(fc.double({ min: -0.4, max: 0.4, noNaN: true }), { minLength: 5, maxLength: 5 }), {
  minLength: 1,
  maxLength: 6,
});

function run(strategy: Strategy, rounds: readonly (readonly number[])[], clip = 1) {
  let weights = new Float32Array([0.5, -0.25, 0, 1, 3]);
  let state: StrategyState | null = null;
  const lengths: number[] = [];
  for (const round of rounds) {
    const before = weights;
    ({ weights, state } = advance({ strategy, weights, mean: Float64Array.from(round), state, clip }));
    lengths.push(l2Norm(weights.map((weight, i) => weight - before[i]!)));
  }
  return { weights, state, lengths };
}

describe('strategies', () => {
  it('have the defaults of Flower', () => {
    expect(WITH_DEFAULTS).toMatchObject([
      {},
      { server_learning_rate: 1, server_momentum: 0 },
      {},
      {},
      { eta: 0.1, beta_1: 0.9, beta_2: 0.99, tau: 1e-9 },
      { eta: 0.01, beta_1: 0.9, beta_2: 0.99, tau: 1e-3 },
      { eta: 0.1, tau: 1e-9 },
    ]);
  });

  it.each(WITH_DEFAULTS)('make no model of a mean that is not finite: $name', (strategy) => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => run(strategy, [[0.1, 0, wrong, 0, 0]])).toThrow(InvariantError);
  });

  it.each(WITH_DEFAULTS)('move the model by no more than C a round: $name', (strategy) => {
    fc.assert(
      fc.property(means, (rounds) => {
        // Besides what rounding to float32 adds.
        for (const length of run(strategy, rounds).lengths) expect(length).toBeLessThan(1 + 1e-6);
      }),
    );
  });

  it.each(WITH_DEFAULTS)(
    'go on from their state as if they had never stopped, and change nothing given: $name',
    (strategy) => {
      fc.assert(
        fc.property(means, means, (first, second) => {
          const whole = run(strategy, [...first, ...second]);
          const half = run(strategy, first);
          const kept = half.state && encodeStateFile(half.state);
          let { weights, state } = half;
          for (const round of second)
            ({ weights, state } = advance({ strategy, weights, mean: Float64Array.from(round), state, clip: 1 }));
          expect({ weights, state }).toEqual({ weights: whole.weights, state: whole.state });
          expect(half.state && encodeStateFile(half.state)).toEqual(kept);
        }),
        { numRuns: 30 },
      );
    },
  );

  it.each(WITH_DEFAULTS)('leave a model as it is by means of nothing: $name', (strategy) => {
    const { weights } = run(strategy, [[0, 0, 0, 0, 0]]);
    expect(weights).toEqual(new Float32Array([0.5, -0.25, 0, 1, 3]));
  });

  it('are the plain mean for FedAvg, FedProx and FedAvgM without momentum', () => {
    const [average, momentum, , proximal] = WITH_DEFAULTS.map((strategy) => run(strategy, [[0.1, 0, -0.2, 0.3, 0]]));
    expect(momentum).toEqual(average);
    expect(proximal).toEqual(average);
  });

  it('refuse parameters with which nothing could be learned or weights would overflow', () => {
    for (const strategy of [
      { name: 'FedAvgM', server_momentum: 1 },
      { name: 'FedAvgM', server_learning_rate: 0 },
      { name: 'FedAdam', beta_2: 1 },
      { name: 'FedAdam', tau: 0 },
      { name: 'FedYogi', eta: 1e30 },
      { name: 'FedProx' },
      { name: 'FedProx', proximal_mu: -1 },
      { name: 'FedAvg', eta: 1 },
    ])
      expect(Strategy.safeParse(strategy).success, JSON.stringify(strategy)).toBe(false);
  });
});
