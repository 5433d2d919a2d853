import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shardIndices } from './shard.ts';

const labels = Int32Array.from({ length: 1000 }, (_, i) => (i * 7) % 10);

describe('shards', () => {
  it('never overlap and together are the whole, dealt at random or by label', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.constantFrom('iid', 'label'), fc.nat(), (count, by, seed) => {
        const all = Array.from({ length: count }, (_, index) => [
          ...shardIndices(labels, { index, count, by }, seed),
        ]).flat();
        expect(all.sort((a, b) => a - b)).toEqual([...labels.keys()]);
      }),
      { numRuns: 30 },
    );
  });

  it('at random have every class, by label only a few', () => {
    const classesOf = (by: 'iid' | 'label') =>
      Array.from(
        { length: 10 },
        (_, index) => new Set(Array.from(shardIndices(labels, { index, count: 10, by }, 1), (i) => labels[i])).size,
      );
    expect(Math.min(...classesOf('iid'))).toBeGreaterThan(7);
    expect(Math.max(...classesOf('label'))).toBeLessThan(5);
  });

  it('are the same for everybody who asks for the same one', () => {
    const shard = { index: 3, count: 7, by: 'label' } as const;
    expect(shardIndices(labels, shard, 1)).toEqual(shardIndices(labels, shard, 1));
    expect(shardIndices(labels, shard, 1)).not.toEqual(shardIndices(labels, shard, 2));
  });

  it('that do not exist are refused, saying how they are counted', () => {
    expect(() => shardIndices(labels, { index: 5, count: 5, by: 'iid' }, 1)).toThrow('counted from 0 to 4');
    expect(() => shardIndices(labels, { index: 0, count: 600, by: 'label' }, 1)).toThrow('Use fewer shards');
  });
});
