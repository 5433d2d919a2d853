import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { l2Norm } from '../src/clip.ts';
import { rotate, rotateBack, rotationSeed } from '../src/rotation.ts';
import known from './vectors/rotation.json' with { type: 'json' };

const seeds = fc.nat(2 ** 32 - 1);
const update = fc
  .array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 300 })
  // Squares of what is smaller would vanish.
  .map((values) => Float64Array.from(values, (value) => (Math.abs(value) < 1e-100 ? 0 : value)));

const spike = (length: number, at: number) => {
  const x = new Float64Array(length);
  x[at] = 1;
  return x;
};

describe('a rotation', () => {
  it('and its way back are the identity, for any number of coordinates', () => {
    fc.assert(
      fc.property(update, seeds, (x, seed) => {
        const back = rotateBack(rotate(x, { seed }), { seed });
        for (const [i, value] of x.entries()) expect(back[i]).toBeCloseTo(value, 9);
      }),
    );
    for (const length of [4095, 4096, 4097, 12_289, 20_000]) {
      const x = Float64Array.from({ length }, (_, i) => Math.sin(i * i));
      const back = rotateBack(rotate(x, { seed: length }), { seed: length });
      expect(Math.max(...back.map((value, i) => Math.abs(value - x[i]!)))).toBeLessThan(1e-12);
    }
  });

  it('keeps the L2 norm', () => {
    fc.assert(
      fc.property(update, seeds, (x, seed) => {
        const norm = l2Norm(x);
        expect(Math.abs(l2Norm(rotate(x, { seed })) - norm)).toBeLessThanOrEqual(1e-12 * norm);
      }),
    );
  });

  it('is linear: the sum of what is rotated is the rotated sum', () => {
    fc.assert(
      fc.property(update, seeds, fc.double({ min: -2, max: 2, noNaN: true }), (x, seed, scale) => {
        const other = x.map((value, i) => Math.cos(i) - value);
        const both = rotate(
          x.map((value, i) => scale * value + other[i]!),
          { seed },
        );
        const [one, two] = [rotate(x, { seed }), rotate(other, { seed })];
        for (const [i, value] of both.entries()) expect(Math.abs(scale * one[i]! + two[i]! - value)).toBeLessThan(1e-9);
      }),
    );
  });

  it('of one block is the signed Walsh–Hadamard matrix over √B, its columns shuffled', () => {
    const columns = Array.from({ length: 64 }, (_, at) => Array.from(rotate(spike(64, at), { seed: 9 })));
    const parity = (word: number) => word.toString(2).replaceAll('0', '').length % 2;
    // Every entry is ±1/8; after its first entry's sign, a column is a row of the table of parities, and each row is there once.
    const found = columns.map((column) => {
      for (const entry of column) expect(Math.abs(entry)).toBe(1 / 8);
      const signs = column.map((entry) => (Math.sign(entry) === Math.sign(column[0]!) ? 0 : 1));
      const index = signs[1]! + 2 * signs[2]! + 4 * signs[4]! + 8 * signs[8]! + 16 * signs[16]! + 32 * signs[32]!;
      expect(signs).toEqual(signs.map((_, i) => parity(i & index)));
      return index;
    });
    expect(new Set(found).size).toBe(64);
    expect(found).not.toEqual(found.toSorted((a, b) => a - b));
    expect(new Set(columns.map(([first]) => first)).size).toBe(2);
  });

  it('spreads one large coordinate over a block, wherever it stands, overlapping block or not', () => {
    for (const length of [4096, 4097, 5000, 8191, 10_000])
      for (let at = 0; at < length; at += 997) {
        const y = rotate(spike(length, at), { seed: at + 1 });
        // 1/√B, and what the overlap makes of it.
        expect(Math.max(...y.map(Math.abs)), `${at} of ${length}`).toBeLessThanOrEqual(6 / 64);
      }
  });

  it('makes layers of very different sizes alike: no coordinate leaves six standard deviations', () => {
    const x = Float64Array.from({ length: 100_000 }, (_, i) => (i < 90_000 ? 0.001 : 0.1) * Math.sin(i * i + i));
    const y = rotate(x, { seed: 3 });
    const deviation = l2Norm(x) / Math.sqrt(x.length);
    expect(Math.max(...y.map(Math.abs))).toBeLessThan(6 * deviation);
  });

  it('hangs on its seed alone, every bit of it', () => {
    const x = Float64Array.from({ length: 500 }, (_, i) => i - 250);
    expect(rotate(x, { seed: 7 })).toEqual(rotate(x, { seed: 7 }));
    for (let bit = 0; bit < 32; bit++)
      expect(rotate(x, { seed: (7 ^ (1 << bit)) >>> 0 })).not.toEqual(rotate(x, { seed: 7 }));
  });

  it('is another one in every round and group of a run, and the same for the same', () => {
    const places = Array.from({ length: 400 }, (_, i) => ({ round: 1 + Math.floor(i / 8), group: i % 8 }));
    const drawn = [0, 1, 2 ** 32 - 1].flatMap((seed) => places.map((place) => rotationSeed(seed, place)));
    expect(new Set(drawn).size).toBe(drawn.length);
    for (const seed of drawn) expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
    expect(rotationSeed(7, { round: 3, group: 2 })).toBe(rotationSeed(7, { round: 3, group: 2 }));
  });

  it('gives the numbers that an independent implementation gives (vectors/rotation.py)', () => {
    for (const { seed, x, y } of known.cases) {
      const ours = rotate(x, { seed });
      for (const [i, value] of y.entries()) expect(ours[i], `${i} of ${x.length}`).toBeCloseTo(value, 12);
    }
  });
});
