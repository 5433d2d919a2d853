import { describe, expect, it } from 'vitest';
import { bestOf, isMadeWorse, keptGroups } from '../src/gate.ts';

const at = (accuracy: number, loss = 1) => ({ accuracy, loss });
const TOLERANCE = { tolerance: 0.05 };

describe('the gate', () => {
  it('leaves out a group that costs more accuracy than is tolerated', () => {
    const groups = [at(0.91), at(0.85), at(0.84), at(0.92), at(0.9)];
    expect(keptGroups(groups, at(0.9), TOLERANCE)).toEqual([true, true, false, true, true]);
  });

  it('keeps groups of few classes, which all make the model worse alone, but not one that is worse than these', () => {
    const groups = [at(0.5), at(0.48), at(0.1), at(0.52), at(0.47)];
    expect(keptGroups(groups, at(0.9), TOLERANCE)).toEqual([true, true, false, true, true]);
  });

  it('keeps everything that is no worse than the model before, however far the others are ahead', () => {
    expect(keptGroups([at(0.6), at(0.1), at(0.7)], at(0.12), TOLERANCE)).toEqual([true, true, true]);
  });

  it('leaves out a group whose loss is no number', () => {
    expect(keptGroups([at(0.9), at(0.9, Number.NaN)], at(0.9), TOLERANCE)).toEqual([true, false]);
  });
});

describe('the guard', () => {
  const guard = { mostDrop: 0.2, mostRise: 2 };

  it('refuses a round that costs more accuracy than it may and makes the loss grow', () => {
    expect(isMadeWorse(at(0.9, 0.3), at(0.69, 0.9), guard, false)).toBe(true);
    expect(isMadeWorse(at(0.9, 0.3), at(0.71, 0.9), guard, false)).toBe(false);
    expect(isMadeWorse(at(0.9, 0.3), at(0.6, 0.2), guard, false)).toBe(false);
  });

  it('lets a model that has learned nothing yet lose what may have been luck, but not a loss that grows beyond that', () => {
    expect(isMadeWorse(at(0.63, 0.7), at(0.37, 0.8), guard, true)).toBe(false);
    expect(isMadeWorse(at(0.63, 0.7), at(0.37, 0.8), guard, false)).toBe(true);
    expect(isMadeWorse(at(0.12, 2.3), at(0.05, 4.2), guard, true)).toBe(false);
    expect(isMadeWorse(at(0.12, 2.3), at(0.05, 4.4), guard, true)).toBe(true);
  });

  it('refuses a loss that grows too far whatever becomes of the accuracy', () => {
    expect(isMadeWorse(at(0.5, 0.7), at(0.55, 2.8), guard, false)).toBe(true);
    expect(isMadeWorse(at(0.5, 0.7), at(0.55, 2.8), { ...guard, mostRise: 3 }, false)).toBe(false);
  });

  it('refuses a loss that is no number', () => {
    expect(isMadeWorse(at(0.1, 2.3), at(0.1, Number.POSITIVE_INFINITY), guard, false)).toBe(true);
    expect(isMadeWorse(at(0.1, 2.3), at(0.5, Number.NaN), guard, false)).toBe(true);
  });
});

describe('the best model', () => {
  it('is the most accurate; of several the one with the least loss, and then the first', () => {
    const [first, ...others] = [at(0.8, 0.5), at(0.9, 0.4), at(0.9, 0.3), at(0.9, 0.3), at(0.7, 0.1)];
    expect(bestOf(first!, others)).toBe(others[1]);
    expect(bestOf(first!, [at(0.8, 0.5), at(0.7, 0.1)])).toBe(first);
  });
});
