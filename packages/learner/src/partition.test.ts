import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawNormal, type Partition, partitionIndices } from './partition.ts';
import { createRandom } from './random.ts';
import { shardIndices } from './shard.ts';

const labels = Int32Array.from({ length: 2000 }, (_, i) => (i * 7) % 10);
const partitions = fc.oneof(
  fc.constant<Partition>({ kind: 'iid' }),
  fc.record({ kind: fc.constant('shards' as const), each: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('dirichlet' as const), alpha: fc.double({ min: 1e-3, max: 1e3, noNaN: true }) }),
);

/** Largest share of one class in each part, averaged. */
const skewOf = (parts: readonly Uint32Array[]) =>
  parts.reduce((sum, part) => {
    const counts = new Array<number>(10).fill(0);
    for (const index of part) counts[labels[index]!]! += 1;
    return sum + Math.max(...counts) / part.length;
  }, 0) / parts.length;

describe('a partition', () => {
  it('deals no example twice, the same ones for the same seed, and all of them but what does not divide', () => {
    fc.assert(
      fc.property(partitions, fc.integer({ min: 1, max: 60 }), fc.nat(), (partition, count, seed) => {
        const parts = partitionIndices(labels, count, partition, seed);
        const dealt = parts.flatMap((part) => [...part]);
        expect(parts).toHaveLength(count);
        expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThan(0);
        expect(new Set(dealt).size).toBe(dealt.length);
        expect(dealt.length).toBe(
          partition.kind === 'dirichlet' ? count * Math.floor(labels.length / count) : labels.length,
        );
        expect(partitionIndices(labels, count, partition, seed)).toEqual(parts);
      }),
      { numRuns: 60 },
    );
  });

  it('by shards gives each participant as many runs of neighbours as it says: one class for one, about two for two', () => {
    const classesOf = (each: number) =>
      partitionIndices(labels, 20, { kind: 'shards', each }, 3).map(
        (part) => new Set(Array.from(part, (index) => labels[index])).size,
      );
    // 20 runs of 100 in classes of 200: no run crosses a border; 40 runs of 50 neither.
    expect(classesOf(1)).toEqual(new Array(20).fill(1));
    expect(Math.max(...classesOf(2))).toBe(2);
    expect(Math.max(...classesOf(5))).toBeGreaterThan(2);
  });

  it('of fewer examples than participants is refused in terms of both, whatever its kind', () => {
    for (const partition of [{ kind: 'iid' }, { kind: 'shards', each: 1 }, { kind: 'dirichlet', alpha: 1 }] as const)
      expect(() => partitionIndices(labels, 2001, partition, 1)).toThrow('2000 examples and 2001 participants');
  });

  it('is what a device gets that asks for its shard by itself', () => {
    const own = (by: 'iid' | 'label') =>
      Array.from({ length: 7 }, (_, index) => shardIndices(labels, { index, count: 7, by }, 5));
    expect(partitionIndices(labels, 7, { kind: 'iid' }, 5)).toEqual(own('iid'));
    expect(partitionIndices(labels, 7, { kind: 'shards', each: 2 }, 5)).toEqual(own('label'));
  });

  it('by Dirichlet mixtures is the more skewed the smaller α is, from one class to the mix of all', () => {
    const skews = [0.01, 0.3, 1, 10, 1e4].map((alpha) =>
      skewOf(partitionIndices(labels, 20, { kind: 'dirichlet', alpha }, 1)),
    );
    expect(skews).toEqual(skews.toSorted((a, b) => b - a));
    expect(skews[0]).toBeGreaterThan(0.75);
    expect(skews[4]).toBeLessThan(0.2);
  });

  it('of fewer examples than participants is refused, saying what to do', () => {
    const few = labels.subarray(0, 5);
    for (const partition of [{ kind: 'iid' }, { kind: 'dirichlet', alpha: 1 }] as const)
      expect(() => partitionIndices(few, 6, partition, 0)).toThrow(/Use fewer/);
  });
});

it('normal numbers have the mean and the variance that they should', () => {
  const random = createRandom(1);
  const numbers = Array.from({ length: 20_000 }, () => drawNormal(random));
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.04);
});
