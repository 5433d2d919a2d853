import { Schedule, Strategy } from '@sotto/protocol/strategy';
import type { Training } from '@sotto/protocol/training';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learningRateAt, localTraining } from '../../src/strategy/local-training.ts';

const rates = (schedule: unknown, rounds: number, base = 1) =>
  Array.from({ length: rounds }, (_, i) => learningRateAt(Schedule.parse(schedule), base, i + 1, rounds));

describe('learning-rate schedules', () => {
  it('hold the rate, halve it every second round, or take a tenth off each round', () => {
    expect(rates({ name: 'constant' }, 3, 0.2)).toEqual([0.2, 0.2, 0.2]);
    expect(rates({ name: 'step', every: 2, factor: 0.5 }, 5, 0.8)).toEqual([0.8, 0.8, 0.4, 0.4, 0.2]);
    const falling = rates({ name: 'exponential', factor: 0.9 }, 3);
    for (const [i, rate] of [1, 0.9, 0.81].entries()) expect(falling[i]).toBeCloseTo(rate, 12);
  });

  it('follow a cosine from the full rate towards the least one, half-way in the middle', () => {
    const falling = rates({ name: 'cosine', least: 0.2 }, 10);
    expect(falling[0]).toBe(1);
    expect(falling[5]).toBeCloseTo(0.6, 12);
    expect(falling).toEqual(falling.toSorted((a, b) => b - a));
    expect(falling[9]).toBeGreaterThan(0.2);
  });

  it('rise evenly in the warm-up and run their course in the rounds after it', () => {
    expect(rates({ name: 'constant', warmup: 3 }, 5, 0.4)).toEqual([0.1, 0.2, expect.closeTo(0.3, 12), 0.4, 0.4]);
    expect(rates({ name: 'step', every: 1, factor: 0.5, warmup: 1 }, 4)).toEqual([0.5, 1, 0.5, 0.25]);
    expect(rates({ name: 'cosine', warmup: 2 }, 12).slice(2)).toEqual(rates({ name: 'cosine' }, 10));
  });

  it('never rise above the full rate nor fall below 0, whatever they are asked for', () => {
    const schedules = fc.oneof(
      fc.record({ name: fc.constant('constant'), warmup: fc.nat(9) }),
      fc.record({
        name: fc.constant('step'),
        every: fc.integer({ min: 1, max: 9 }),
        factor: fc.double({ min: 0.01, max: 1, noNaN: true }),
        warmup: fc.nat(9),
      }),
      fc.record({
        name: fc.constant('exponential'),
        factor: fc.double({ min: 0.01, max: 1, noNaN: true }),
        warmup: fc.nat(9),
      }),
      fc.record({ name: fc.constant('cosine'), least: fc.double({ min: 0, max: 1, noNaN: true }), warmup: fc.nat(9) }),
    );
    fc.assert(
      fc.property(schedules, fc.integer({ min: 1, max: 12 }), (schedule, rounds) => {
        for (const rate of rates(schedule, rounds, 0.3)) {
          expect(rate).toBeGreaterThan(0);
          expect(rate).toBeLessThanOrEqual(0.3);
        }
      }),
    );
  });
});

describe('what devices do in a round', () => {
  const task: Training = { optimizer: { name: 'sgd', learningRate: 0.2, momentum: 0.9 }, epochs: 2, batchSize: 16 };
  const constant = Schedule.parse({ name: 'constant' });
  const of = (strategy: unknown, schedule: Schedule = constant, round = 1) =>
    localTraining(task, { strategy: Strategy.parse(strategy), schedule, rounds: 4 }, round);

  it("is the task's own training unless the run says otherwise", () => {
    expect(of({ name: 'FedAvg' })).toEqual(task);
    expect(of({ name: 'FedAdam' })).toEqual(task);
    expect(of({ name: 'FedProx', proximal_mu: 0 })).toEqual(task);
  });

  it('takes the rate of the strategy where it has one, the proximal term of FedProx, and the schedule', () => {
    expect(of({ name: 'FedYogi', eta_l: 0.05 }).optimizer).toEqual({ ...task.optimizer, learningRate: 0.05 });
    expect(of({ name: 'FedProx', proximal_mu: 0.5 })).toEqual({ ...task, proximalMu: 0.5 });
    const halving = Schedule.parse({ name: 'step', every: 1, factor: 0.5 });
    expect(of({ name: 'FedAvg' }, halving, 3).optimizer.learningRate).toBeCloseTo(0.05, 12);
  });

  it('keeps a proximal term of the task, in which that of FedProx takes its place', () => {
    const near: Training = { ...task, proximalMu: 2 };
    const settings = { schedule: constant, rounds: 4 };
    expect(localTraining(near, { ...settings, strategy: { name: 'FedAvg' } }, 1)).toEqual(near);
    const proximal = Strategy.parse({ name: 'FedProx', proximal_mu: 0.1 });
    expect(localTraining(near, { ...settings, strategy: proximal }, 1).proximalMu).toBe(0.1);
  });

  it('has a rate above 0 however far a schedule has come down', () => {
    const steep = Schedule.parse({ name: 'exponential', factor: 1e-6 });
    const rounds = 1000;
    const training = localTraining(task, { strategy: { name: 'FedAvg' }, schedule: steep, rounds }, rounds);
    expect(training.optimizer.learningRate).toBeGreaterThan(0);
  });
});
