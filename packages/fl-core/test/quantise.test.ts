import { isRejection } from '@sotto/protocol/rejection';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_LEVEL } from '../src/lanes.ts';
import { dequantise, quantise } from '../src/quantise.ts';
import { constantWords, seededWords } from './random-words.ts';

function levelsOf(...args: Parameters<typeof quantise>): Int32Array {
  const rounded = quantise(...args);
  if (isRejection(rounded)) throw new Error(rounded.message);
  return rounded.levels;
}

const one = (lambda: number, size: number, range = 1) => ({ ranges: [{ size, range }], lambda });

describe('stochastic rounding', () => {
  it('is unbiased: the mean level of 200,000 draws is within six standard deviations of x·λ/c', () => {
    const draws = 200_000;
    for (const [seed, x, lambda, range] of [
      [1, 0.3, 7, 1],
      [2, -0.3, 7, 1],
      [3, 0.999, 1, 1],
      [4, -1e-4, 22_310, 0.5],
      [5, 1e-6, 104_857, 2],
      [6, 0.12345, 204, 0.2],
    ] as const) {
      const delta = new Float32Array(draws).fill(x);
      const levels = levelsOf(delta, one(lambda, draws, range), 1, seededWords(seed));
      const y = (delta[0]! * lambda) / range;
      const fraction = y - Math.floor(y);
      const mean = levels.reduce((total, level) => total + level, 0) / draws;
      const deviation = Math.sqrt((fraction * (1 - fraction)) / draws);
      expect(Math.abs(mean - y), `x = ${x}`).toBeLessThan(6 * deviation + 1e-9);
      expect(new Set(levels).size).toBeLessThanOrEqual(2);
    }
  });

  it('gives one of the two neighbouring levels, and whole levels exactly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -204, max: 204 }),
        fc.nat(2 ** 32 - 1),
        fc.float({ min: -1, max: 1, noNaN: true }),
        (level, word, x) => {
          expect(levelsOf(Float32Array.of(level), one(204, 1, 204), 1, constantWords(word))).toEqual(
            Int32Array.of(level),
          );
          const y = x * 204;
          const [rounded] = levelsOf(Float32Array.of(x), one(204, 1), 1, constantWords(word));
          expect([Math.floor(y), Math.ceil(y)]).toContain(rounded! + 0);
        },
      ),
    );
  });

  it('never leaves [−λ, λ], whatever the values, the levels and the words', () => {
    const lambda = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: MOST_LEVEL - 1000, max: MOST_LEVEL }));
    fc.assert(
      fc.property(
        lambda,
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1),
        (most, values, word) => {
          const levels = levelsOf(Float32Array.from(values), one(most, values.length, 0.5), 1, constantWords(word));
          for (const level of levels) expect(Math.abs(level)).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  it('saturates at ±λ, where nothing is left to round', () => {
    const delta = Float32Array.of(1, -1, 1.0001, -1.0001, 1e30, -1e30);
    for (const lambda of [1, 204, 104_857, MOST_LEVEL])
      for (const word of [0, 2 ** 32 - 1]) {
        const levels = levelsOf(delta, one(lambda, 6), 1, constantWords(word));
        expect(Array.from(levels)).toEqual([lambda, -lambda, lambda, -lambda, lambda, -lambda]);
      }
  });

  it('refuses what is not finite and names its place', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const delta = new Float32Array(20_000);
      delta[17_001] = value;
      expect(quantise(delta, one(10, delta.length), 1, seededWords(1))).toMatchObject({
        rejected: 'not_finite',
        message: expect.stringContaining('17001'),
      });
    }
    expect(quantise(Float32Array.of(1), one(10, 1), Number.NaN, seededWords(1))).toMatchObject({
      rejected: 'not_finite',
    });
  });

  it('refuses an update of another size than the plan', () => {
    expect(quantise(new Float32Array(3), one(10, 4), 1, seededWords(1))).toMatchObject({ rejected: 'wrong_size' });
    expect(quantise(new Float32Array(5), one(10, 4), 1, seededWords(1))).toMatchObject({ rejected: 'wrong_size' });
  });

  it('scales each stretch by its own range, and back', () => {
    const encoding = {
      ranges: [
        { size: 2, range: 1 },
        { size: 1, range: 0.25 },
        { size: 1, range: 8 },
      ],
      lambda: 100,
    };
    const delta = Float32Array.of(0.5, -1, 0.25, 4);
    const levels = levelsOf(delta, encoding, 1, seededWords(1));
    expect(Array.from(levels)).toEqual([50, -100, 100, 50]);
    expect(Array.from(dequantise(Float64Array.from(levels), encoding))).toEqual([0.5, -1, 0.25, 4]);
  });

  it('draws a word for every value: no two blocks share their rounding', () => {
    const size = 3 * 16_384 + 5;
    let drawn = 0;
    levelsOf(new Float32Array(size).fill(0.5), one(1, size), 1, (into) => {
      drawn += into.length;
      into.fill(0);
    });
    expect(drawn).toBeGreaterThanOrEqual(size);
  });
});
