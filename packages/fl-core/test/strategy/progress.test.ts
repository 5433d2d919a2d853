import { describe, expect, it } from 'vitest';
import { bestOf, roundsWithoutGain, type Tested } from '../../src/strategy/progress.ts';

const tested = (testAccuracy: number, testLoss: number): Tested => ({ testAccuracy, testLoss });

describe('the best model', () => {
  it('is the most accurate; of several the one with the least loss, and then the earliest', () => {
    const rounds = [tested(0.8, 0.5), tested(0.9, 0.4), tested(0.9, 0.3), tested(0.9, 0.3), tested(0.7, 0.1)];
    expect(bestOf(rounds)).toBe(rounds[2]);
  });

  it('is none where nothing was published', () => {
    expect(bestOf([])).toBeNull();
  });
});

describe('rounds without gain', () => {
  const byAccuracy = { metric: 'accuracy', patience: 2, minDelta: 0 } as const;
  const byLoss = { metric: 'loss', patience: 2, minDelta: 0.1 } as const;

  it('are counted from the last improvement on', () => {
    const rounds = [tested(0.1, 2), tested(0.5, 1.5), tested(0.4, 1.6), tested(0.5, 1.4)];
    expect(roundsWithoutGain(rounds, byAccuracy)).toBe(2);
    expect(roundsWithoutGain(rounds.slice(0, 2), byAccuracy)).toBe(0);
    expect(roundsWithoutGain([...rounds, tested(0.6, 1.5)], byAccuracy)).toBe(0);
  });

  it('take a gain of no more than minDelta for none, and measure from the best before, not from the last', () => {
    const creeping = [1, 0.95, 0.92, 0.88, 0.85].map((loss) => tested(0.5, loss));
    expect([1, 2, 3, 4, 5].map((count) => roundsWithoutGain(creeping.slice(0, count), byLoss))).toEqual([
      0, 1, 2, 0, 1,
    ]);
  });

  it('go on where a model has no number at all', () => {
    expect(roundsWithoutGain([tested(0.5, 1), tested(0.5, Number.NaN), tested(0.5, 0.5)], byLoss)).toBe(0);
    expect(roundsWithoutGain([tested(0.5, 1), tested(0.5, Number.NaN)], byLoss)).toBe(1);
  });
});
