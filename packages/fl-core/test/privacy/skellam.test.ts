import { describe, expect, it } from 'vitest';
import { roundWithin } from '../../src/privacy/rounding.ts';
import { addSkellam } from '../../src/privacy/skellam.ts';
import { seededWords } from '../random-words.ts';
import { misfit, poissonProbabilities, tally } from './goodness.ts';

const DRAWS = 200_000;

function skellam(variance: number, seed: number, count = DRAWS): Int32Array<ArrayBuffer> {
  const noise = new Int32Array(count);
  addSkellam(noise, variance, seededWords(seed));
  return noise;
}

/** Of the difference of two Poisson numbers of mean V/2. */
function probabilities(variance: number): Map<number, number> {
  const single = poissonProbabilities(variance / 2);
  const differences = new Map<number, number>();
  for (const [a, p] of single)
    for (const [b, q] of single) differences.set(a - b, (differences.get(a - b) ?? 0) + p * q);
  return differences;
}

const expected = (variance: number, width: number) => {
  const bins = new Map<number, number>();
  for (const [k, p] of probabilities(variance))
    bins.set(Math.floor(k / width), (bins.get(Math.floor(k / width)) ?? 0) + DRAWS * p);
  return bins;
};

describe('Skellam noise', () => {
  it.each([2, 6, 200, 5000])('of variance %i comes as often as it should', (variance) => {
    const width = Math.max(1, Math.floor(Math.sqrt(variance) / 8));
    expect(misfit(tally(skellam(variance, variance), width), expected(variance, width))).toBeLessThan(4);
  });

  it('of several contributors is noise of the sum of their variances', () => {
    const sum = skellam(6, 1).map(Number);
    for (const [variance, seed] of [
      [6, 2],
      [10, 3],
    ] as const)
      addSkellam(sum, variance, seededWords(seed));
    expect(misfit(tally(sum, 1), expected(22, 1))).toBeLessThan(4);
    expect(misfit(tally(sum, 1), expected(24, 1))).toBeGreaterThan(20);
  });

  it.each([2, 1e6, 2 ** 46])('has no mean, and the variance %d', (variance) => {
    const noise = skellam(variance, 7);
    const mean = noise.reduce((sum, x) => sum + x, 0) / DRAWS;
    const squares = noise.reduce((sum, x) => sum + x * x, 0) / DRAWS;
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(variance / DRAWS));
    expect(Math.abs(squares / variance - 1)).toBeLessThan(5 * Math.sqrt((2 + 1 / variance) / DRAWS));
  });

  it('is added to what is there', () => {
    const levels = new Int32Array(100).fill(1_000_000);
    addSkellam(levels, 40, seededWords(1));
    expect(levels).toEqual(skellam(40, 1, 100).map((noise) => noise + 1_000_000));
  });

  it('leaves no words behind that tell what it was', () => {
    const blocks = new Set<Uint32Array>();
    const random = seededWords(1);
    addSkellam(new Int32Array(1000), 40, (into) => {
      random(into);
      blocks.add(into);
    });
    expect(blocks.size).toBeGreaterThan(0);
    for (const block of blocks) expect(block.every((word) => word === 0)).toBe(true);
  });
});

describe('rounding within a bound', () => {
  it('tries until the squares fit, and hands on why nothing can be rounded', () => {
    const rounded = (...levels: number[]) => ({ levels: Int32Array.from(levels), saturated: 0 });
    const tries = [rounded(3, 3), rounded(-4, 1), rounded(2, -3)];
    const given = [...tries];
    expect(roundWithin(() => given.shift()!, 13)).toBe(tries[2]);
    const refusal = { rejected: 'not_finite', message: 'no' } as const;
    expect(roundWithin(() => refusal, 13)).toBe(refusal);
  });

  it('stops where nothing ever fits: then the bound is wrong', () => {
    expect(() => roundWithin(() => ({ levels: Int32Array.of(4), saturated: 0 }), 13)).toThrow('longer than the clip');
  });
});
