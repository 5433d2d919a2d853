import { describe, expect, it } from 'vitest';
import { betterOf, classScores, marginOf, mixUps } from './confusion.ts';

const CONFUSION = [
  [8, 2, 0],
  [0, 0, 0],
  [1, 3, 6],
];

describe('a confusion matrix', () => {
  it('says of each class how many were recognised, also of one without examples', () => {
    expect(classScores(CONFUSION)).toEqual([
      { place: 0, right: 8, total: 10 },
      { place: 1, right: 0, total: 0 },
      { place: 2, right: 6, total: 10 },
    ]);
  });

  it('names the most frequent mix-ups first, and none where all is right', () => {
    expect(mixUps(CONFUSION, 2)).toEqual([
      { truth: 2, taken: 1, count: 3 },
      { truth: 0, taken: 1, count: 2 },
    ]);
    expect(
      mixUps(
        [
          [3, 0],
          [0, 4],
        ],
        5,
      ),
    ).toEqual([]);
  });
});

describe('what few examples tell', () => {
  it('is less than what many do: known values of Wilson’s interval', () => {
    // 8 of 10: 0.4902 … 0.9433.
    expect(marginOf({ correct: 8, examples: 10 })).toBeCloseTo((0.9433 - 0.4902) / 2, 3);
    expect(marginOf({ correct: 800, examples: 1000 })).toBeCloseTo(0.0248, 3);
    expect(marginOf({ correct: 5, examples: 5 })).toBeGreaterThan(0.2);
  });

  it('names the better model only where it is more than chance', () => {
    const score = (correct: number, examples: number) => ({ correct, examples });
    expect(betterOf(score(9, 10), score(7, 10))).toBe('neither');
    expect(betterOf(score(900, 1000), score(700, 1000))).toBe('first');
    expect(betterOf(score(700, 1000), score(900, 1000))).toBe('second');
    expect(betterOf(score(10, 10), score(10, 10))).toBe('neither');
  });
});
