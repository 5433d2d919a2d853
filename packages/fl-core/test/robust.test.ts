import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { l2Norm } from '../src/clip.ts';
import { combineMeans } from '../src/robust.ts';

const vectors = (...rows: number[][]) => rows.map((row) => Float64Array.from(row));
const MEDIAN = { rule: 'median', trim: 0 } as const;
const trimmed = (trim: number) => ({ rule: 'trimmed-mean', trim }) as const;
const FAR = 1e9;

describe('the means of groups', () => {
  it('weigh as much as their groups without a rule, and are that mean itself when there is one', () => {
    expect(combineMeans(vectors([1, 0], [4, 3]), [2, 1], null, FAR)).toEqual(Float64Array.of(2, 1));
    const alone = Float64Array.of(0.1, 0.7);
    for (const robust of [null, MEDIAN, trimmed(0.4)]) expect(combineMeans([alone], [7], robust, FAR)).toBe(alone);
  });

  it('become the median of each coordinate, the mean of the middle two of an even number', () => {
    const odd = vectors([1, 9, -5], [2, 8, 100], [3, 7, 0]);
    expect(combineMeans(odd, [1, 1, 50], MEDIAN, FAR)).toEqual(Float64Array.of(2, 8, 0));
    const even = vectors([1], [1000], [2], [4]);
    expect(combineMeans(even, [1, 1, 1, 1], MEDIAN, FAR)).toEqual(Float64Array.of(3));
  });

  it('lose at least the share to be trimmed at each end of each coordinate, and never all of them', () => {
    const five = vectors([-100], [1], [2], [6], [100]);
    const ones = five.map(() => 1);
    expect(combineMeans(five, ones, trimmed(0), FAR)[0]).toBeCloseTo(1.8);
    expect(combineMeans(five, ones, trimmed(0.1), FAR)).toEqual(Float64Array.of(3));
    expect(combineMeans(five, ones, trimmed(0.2), FAR)).toEqual(Float64Array.of(3));
    expect(combineMeans(five, ones, trimmed(0.21), FAR)).toEqual(Float64Array.of(2));
    expect(combineMeans(five, ones, trimmed(0.49), FAR)).toEqual(Float64Array.of(2));
    expect(combineMeans(vectors([1], [3]), [1, 1], trimmed(0.4), FAR)).toEqual(Float64Array.of(2));
  });

  it('together move the model by no more than the clip, though the median of vectors within it may be longer', () => {
    const means = vectors([1, 1, 0], [1, 0, 1], [0, 1, 1]);
    expect(l2Norm(Float64Array.of(1, 1, 1))).toBeGreaterThan(Math.SQRT2);
    expect(l2Norm(combineMeans(means, [1, 1, 1], MEDIAN, Math.SQRT2))).toBeCloseTo(Math.SQRT2, 12);
  });

  it('are of one model', () => {
    expect(() => combineMeans(vectors([1], [1, 2]), [1, 1], MEDIAN, FAR)).toThrow();
    expect(() => combineMeans([], [], null, FAR)).toThrow();
  });

  it('stay within what the honest ones say as long as these are more than half, whatever the others say', () => {
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    const anything = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc
          .integer({ min: 0, max: 4 })
          .chain((liars) =>
            fc.tuple(
              fc.array(anything, { minLength: liars, maxLength: liars }),
              fc.array(value, { minLength: liars + 1, maxLength: liars + 4 }),
            ),
          ),
        ([lies, honest]) => {
          const means = [...lies, ...honest].map((one) => Float64Array.of(one));
          const ones = means.map(() => 1);
          for (const robust of [MEDIAN, trimmed(lies.length / means.length)]) {
            const [combined] = combineMeans(means, ones, robust, FAR);
            expect(combined).toBeGreaterThanOrEqual(Math.min(...honest));
            expect(combined).toBeLessThanOrEqual(Math.max(...honest));
          }
        },
      ),
    );
  });
});
