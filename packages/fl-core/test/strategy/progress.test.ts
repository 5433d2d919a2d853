import type { EarlyStopping } from '@sotto/protocol/strategy';
import { describe, expect, it } from 'vitest';
import { type Tested, whyStopEarly } from '../../src/strategy/progress.ts';

const tested = (testAccuracy: number, testLoss: number): Tested => ({ testAccuracy, testLoss });

describe('a run that may stop early', () => {
  const byAccuracy = { metric: 'accuracy', patience: 2, minDelta: 0 } as const;
  const byLoss = { metric: 'loss', patience: 2, minDelta: 0.1 } as const;
  const stops = (settings: EarlyStopping, rounds: readonly Tested[]) =>
    rounds.map((_, i) => whyStopEarly(settings, rounds.slice(0, i + 1)) !== null);

  it('is over once so many rounds in a row were no better than the best before them', () => {
    const rounds = [tested(0.1, 2), tested(0.5, 1.5), tested(0.4, 1.6), tested(0.5, 1.4), tested(0.6, 1.5)];
    expect(stops(byAccuracy, rounds)).toEqual([false, false, false, true, false]);
  });

  it('takes a gain of no more than minDelta for none, and measures from the best before, not from the last', () => {
    const creeping = [1, 0.95, 0.92, 0.88, 0.85].map((loss) => tested(0.5, loss));
    expect(stops(byLoss, creeping)).toEqual([false, false, true, false, false]);
  });

  it('counts a model whose loss is no number as no gain', () => {
    const rounds = [tested(0.5, 1), tested(0.5, Number.NaN), tested(0.5, Number.NaN), tested(0.5, 0.5)];
    expect(stops(byLoss, rounds)).toEqual([false, false, true, false]);
  });

  it('says why, and never stops where it was not asked to', () => {
    const still = [tested(0.5, 1), tested(0.5, 1), tested(0.5, 1)];
    expect(whyStopEarly(byLoss, still)).toBe(
      'The loss on held-out data did not fall by more than 0.1 in the last 2 rounds: the run is over early.',
    );
    expect(whyStopEarly({ ...byAccuracy, patience: 1 }, still)).toBe(
      'Accuracy on held-out data did not rise in the last round: the run is over early.',
    );
    expect(whyStopEarly(null, still)).toBeNull();
  });
});
