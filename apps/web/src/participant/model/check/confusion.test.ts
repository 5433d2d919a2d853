import { describe, expect, it } from 'vitest';
import { betterOf, classScores, likelyRange, mixUps } from './confusion.ts';

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
    const [least, most] = likelyRange({ correct: 8, examples: 10 });
    expect(least).toBeCloseTo(0.4902, 3);
    expect(most).toBeCloseTo(0.9433, 3);
    const [leastOfMany, mostOfMany] = likelyRange({ correct: 800, examples: 1000 });
    expect(leastOfMany).toBeCloseTo(0.7741, 3);
    expect(mostOfMany).toBeCloseTo(0.8236, 3);
    expect(likelyRange({ correct: 5, examples: 5 })[0]).toBeLessThan(0.6);
    expect(likelyRange({ correct: 5, examples: 5 })[1]).toBeCloseTo(1, 10);
  });

  it('names the better model only where it is more than chance', () => {
    const score = (correct: number, examples: number) => ({ correct, examples });
    expect(betterOf(score(9, 10), score(7, 10))).toBe('neither');
    expect(betterOf(score(900, 1000), score(700, 1000))).toBe('first');
    expect(betterOf(score(700, 1000), score(900, 1000))).toBe('second');
    expect(betterOf(score(10, 10), score(10, 10))).toBe('neither');
  });
});
