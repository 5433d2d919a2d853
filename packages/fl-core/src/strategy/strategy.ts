import { invariant } from '@sotto/protocol/rejection';
import type { StrategyState } from '@sotto/protocol/state-file';
import type { Strategy } from '@sotto/protocol/strategy';
import { clipFactor } from '../clip.ts';

/** How one coordinate goes: what its mean Δ makes of its moments, and by how much its weight moves. */
interface Optimiser {
  readonly keeps: readonly ('m' | 'v')[];
  readonly rule: (delta: number, m: number, v: number) => { move: number; m: number; v: number };
}

/** `steps`: rounds before this one. */
function optimiserOf(strategy: Strategy, steps: number): Optimiser {
  switch (strategy.name) {
    case 'FedAvg':
    case 'FedProx':
      return { keeps: [], rule: (delta, m, v) => ({ move: delta, m, v }) };
    case 'FedAvgM': {
      const { server_learning_rate: rate, server_momentum: momentum } = strategy;
      if (momentum === 0) return { keeps: [], rule: (delta, m, v) => ({ move: rate * delta, m, v }) };
      return {
        keeps: ['m'],
        rule(delta, before, v) {
          const m = momentum * before + delta;
          return { move: rate * m, m, v };
        },
      };
    }
    case 'FedAdam': {
      const { eta, beta_1, beta_2, tau } = strategy;
      // The first round is corrected as a second one: so does Flower, which counts rounds from 1 and adds another.
      const rate = (eta * Math.sqrt(1 - power(beta_2, steps + 2))) / (1 - power(beta_1, steps + 2));
      return {
        keeps: ['m', 'v'],
        rule(delta, m1, v1) {
          const m = beta_1 * m1 + (1 - beta_1) * delta;
          const v = beta_2 * v1 + (1 - beta_2) * delta * delta;
          return { move: (rate * m) / (Math.sqrt(v) + tau), m, v };
        },
      };
    }
    case 'FedYogi': {
      const { eta, beta_1, beta_2, tau } = strategy;
      return {
        keeps: ['m', 'v'],
        rule(delta, m1, v1) {
          const square = delta * delta;
          const m = beta_1 * m1 + (1 - beta_1) * delta;
          const v = v1 - (1 - beta_2) * square * Math.sign(v1 - square);
          return { move: (eta * m) / (Math.sqrt(v) + tau), m, v };
        },
      };
    }
    case 'FedAdagrad': {
      const { eta, tau } = strategy;
      return {
        keeps: ['v'],
        rule(delta, m, before) {
          const v = before + delta * delta;
          return { move: (eta * delta) / (Math.sqrt(v) + tau), m, v };
        },
      };
    }
  }
}

/** By multiplication alone: `**` may differ in its last bit from one JavaScript engine to the next. */
function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product *= base;
  return product;
}

export interface Advance {
  readonly strategy: Strategy;
  /** d weights that every contributor started from. */
  readonly weights: Float32Array;
  /** d values: the round's mean. */
  readonly mean: Float64Array;
  /** Of the run's last published round; null in its first. */
  readonly state: StrategyState | null;
  /** C: whatever the strategy makes of the mean, the model moves by no more in L2 norm. */
  readonly clip: number;
}

/**
 * The server's step after a round (McMahan et al. 2017; Hsu et al. 2019; Reddi et al. 2021), in double precision; weights and state are
 * rounded to float32. With moments m and v of the means Δ, and w the weights:
 *
 *   FedAvg, FedProx  w + Δ
 *   FedAvgM          m ← β·m + Δ;              w + η·m
 *   FedAdam          m ← β₁m + (1−β₁)Δ;        v ← β₂v + (1−β₂)Δ²;                     w + η·√(1−β₂^{t+1})/(1−β₁^{t+1})·m/(√v + τ)
 *   FedYogi          m ← β₁m + (1−β₁)Δ;        v ← v − (1−β₂)Δ²·sign(v − Δ²);          w + η·m/(√v + τ)
 *   FedAdagrad                                 v ← v + Δ²;                             w + η·Δ/(√v + τ)
 *
 * t counts the rounds from 1, m and v begin at 0. The same arguments give the same weights bit for bit on any machine.
 * @throws InvariantError when the mean or the state holds what is not a finite number: no model may be made of it
 */
export function advance({ strategy, weights, mean, state, clip }: Advance): {
  readonly weights: Float32Array<ArrayBuffer>;
  readonly state: StrategyState | null;
} {
  const { steps = 0, m: m1 = null, v: v1 = null } = state ?? {};
  const { keeps, rule } = optimiserOf(strategy, steps);
  const size = weights.length;
  const m = keeps.includes('m') ? new Float32Array(size) : null;
  const v = keeps.includes('v') ? new Float32Array(size) : null;
  const moves = new Float64Array(size);
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const made = rule(mean[i]!, m1?.[i] ?? 0, v1?.[i] ?? 0);
    moves[i] = made.move;
    squares += made.move * made.move;
    if (m) m[i] = made.m;
    if (v) v[i] = made.v;
  }
  invariant(
    Number.isFinite(squares),
    'a step that is made of a mean is finite: look at the mean and at what the strategy remembers',
  );
  const factor = clipFactor(Math.sqrt(squares), clip);
  const moved = new Float32Array(size);
  for (let i = 0; i < size; i++) moved[i] = weights[i]! + factor * moves[i]!;
  return {
    weights: moved,
    state: keeps.length === 0 ? null : { strategy: strategy.name, steps: steps + 1, m, v },
  };
}
