import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAliasTable } from '../../src/privacy/alias-table.ts';
import { createPoisson } from '../../src/privacy/poisson.ts';
import { exactRatio, isUnder, ratioBounds } from '../../src/privacy/poisson-ratio.ts';
import { createWords, type Words } from '../../src/privacy/words.ts';
import { seededWords } from '../random-words.ts';
import { misfit, poissonProbabilities, tally } from './goodness.ts';

/** The given words, then others. */
function scripted(...script: number[]): Words & { used(): number } {
  const others = createWords(seededWords(9));
  let used = 0;
  return {
    next: () => script[used++] ?? others.next(),
    wipe() {},
    used: () => used,
  };
}

const binWidth = (mean: number) => Math.max(1, Math.floor(Math.sqrt(mean) / 16));

function expectedOf(mean: number, draws: number): Map<number, number> {
  const expected = new Map<number, number>();
  for (const [k, p] of poissonProbabilities(mean)) {
    const bin = Math.floor(k / binWidth(mean));
    expected.set(bin, (expected.get(bin) ?? 0) + draws * p);
  }
  return expected;
}

const DRAWS = 200_000;

describe('Poisson numbers', () => {
  it.each([1, 2, 3, 10, 100, 1000, 4095, 4096, 5000, 100_000, 2 ** 30 + 1])(
    'of mean %i come as often as they should, and no two of them together',
    (mean) => {
      const draw = createPoisson(mean);
      const words = createWords(seededWords(mean));
      const drawn = Array.from({ length: DRAWS }, () => draw(words));
      expect(Math.abs(misfit(tally(drawn, binWidth(mean)), expectedOf(mean, DRAWS)))).toBeLessThan(4);
      // Correlation of neighbours, in standard deviations.
      const products = drawn.reduce((sum, k, i) => sum + (k - mean) * ((drawn[i - 1] ?? mean) - mean), 0);
      expect(Math.abs(products / mean / Math.sqrt(DRAWS))).toBeLessThan(5);
    },
  );

  it('are told by the same test from normal ones, and from those of a mean one part in three hundred off', () => {
    const mean = 100;
    const draw = createPoisson(mean);
    const words = createWords(seededWords(5));
    const uniform = () => (words.next() + 0.5) / 2 ** 32;
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const rounded = Array.from({ length: DRAWS }, () => Math.round(mean + 10 * normal()));
    expect(misfit(tally(rounded, 1), expectedOf(mean, DRAWS))).toBeGreaterThan(20);
    const shifted = Array.from({ length: DRAWS }, () => draw(words) + (words.next() < 2 ** 32 / 3 ? 1 : 0));
    expect(misfit(tally(shifted, 1), expectedOf(mean, DRAWS))).toBeGreaterThan(5);
  });

  it('reach into both tails, where one in 2^32 lies, exactly as often as they should', () => {
    for (const mean of [5, 40, 1000, 6000]) {
      const draw = createPoisson(mean);
      const drawWith = (...script: number[]) => {
        const words = scripted(...script);
        const k = draw(words);
        return { k, used: words.used() };
      };
      const stepBits = Math.max(0, Math.floor(Math.log2(Math.sqrt(mean) / 32)));
      // A point of the staircase takes two words, or three; in a tail a block, a place in it and the rest of the height are drawn.
      const tails = Array.from({ length: 2048 }, (_, column) => [column << stepBits, 0] as const).filter(
        (point) => drawWith(...point, 0, 2 ** 32 - 2, 0).used === 5,
      );
      const sides = new Set<boolean>();
      for (const point of tails)
        for (const blocks of [[0], [2 ** 31, 0], [2 ** 31, 2 ** 32 - 1, 0]]) {
          const { k } = drawWith(...point, ...blocks, 0, 0);
          sides.add(k > mean);
          // The point is below 2^−32 already, and half of that for each block: so many in 2^32 of those are under p.
          const share = exactRatio(mean, k, 128 + blocks.length - 1)[0] >> 64n;
          expect(share).toBeLessThan(2n ** 32n);
          expect(drawWith(...point, ...blocks, 0, Number(share) - 1).k).toBe(k);
          expect(drawWith(...point, ...blocks, 0, Number(share) + 1).k).not.toBe(k);
        }
      expect([...sides].sort()).toEqual(mean > 30 ? [false, true] : [true]);
    }
  });

  it('are compared with their probability within bounds that hold, up to the largest means', () => {
    const means = fc.oneof(
      fc.integer({ min: 1, max: 6000 }),
      fc.integer({ min: 12, max: 33 }).map((bits) => 2 ** bits + 1),
      fc.integer({ min: 4096, max: 1e9 }),
    );
    fc.assert(
      fc.property(means, fc.double({ min: -8, max: 8, noNaN: true }), (mean, deviations) => {
        const k = mean + Math.round(deviations * Math.sqrt(mean));
        const [low, high] = ratioBounds(mean, k);
        const [least, most] = exactRatio(mean, k, 128);
        expect(BigInt(low) << 96n).toBeLessThanOrEqual(most);
        expect(BigInt(high) << 96n).toBeGreaterThanOrEqual(least);
        expect(high - low).toBeLessThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
  });

  it('are decided by as many bits as it takes', () => {
    // r(3) of mean 1 is 1/6: a point whose bits are those of 1/6 stays undecided, until they differ.
    const sixth = (bits: number) => Number((2n ** BigInt(bits) / 6n) & 0xffff_ffffn);
    const at = { height: sixth(32), shift: 0 };
    const same = [sixth(64), sixth(96), sixth(128), sixth(160)];
    expect(isUnder(1, 3, at, scripted(...same, sixth(192) - 1))).toBe(true);
    expect(isUnder(1, 3, at, scripted(...same, sixth(192) + 1))).toBe(false);
    expect(isUnder(1, 3, { ...at, height: at.height - 1 }, scripted())).toBe(true);
    expect(isUnder(1, 3, { ...at, height: at.height + 1 }, scripted())).toBe(false);
    expect(isUnder(5, -1, { height: 0, shift: 40 }, scripted())).toBe(false);
  });
});

describe('an alias table', () => {
  it('gives every item exactly its weight, each height of it once, and the filler the rest', () => {
    const weights = fc.array(fc.oneof(fc.nat(20), fc.nat(200)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(weights, (given) => {
        fc.pre(given.some((weight) => weight > 0));
        const { columns, shift, split, ownOffset, alias, aliasOffset } = createAliasTable(given);
        const heights = new Map<number, number[]>();
        for (let column = 0; column < columns; column++)
          for (let height = 0; height < 2 ** (32 - shift); height++) {
            const own = height < split[column]!;
            const item = own ? column : alias[column]!;
            const within = height + (own ? ownOffset : aliasOffset)[column]!;
            heights.set(item, [...(heights.get(item) ?? []), within]);
          }
        for (const [item, weight] of given.entries())
          expect((heights.get(item) ?? []).sort((a, b) => a - b)).toEqual(Array.from({ length: weight }, (_, i) => i));
        expect([...heights.keys()].every((item) => item <= given.length)).toBe(true);
      }),
    );
  });
});
