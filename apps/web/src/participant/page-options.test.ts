import { isRejection } from '@sotto/protocol/rejection';
import { describe, expect, it } from 'vitest';
import { chooseShard } from './data/sample-data.ts';
import { parsePageOptions } from './page-options.ts';

const NONE = { shard: null, by: 'iid', limit: null, backend: null, device: null } as const;

describe("the address's options", () => {
  it('may be left out', () => {
    expect(parsePageOptions('')).toEqual(NONE);
  });

  it('count shards from 1', () => {
    expect(parsePageOptions('?shard=2/5&by=label&limit=600&backend=wasm&device=2')).toEqual({
      shard: { index: 1, count: 5 },
      by: 'label',
      limit: 600,
      backend: 'wasm',
      device: '2',
    });
  });

  it.each([
    'shard=0/5',
    'shard=6/5',
    'shard=2',
    'shard=a/b',
    'limit=0',
    'limit=-3',
    'limit=1.5',
    'by=size',
    'device=a.b',
  ])('are refused when wrong, naming the field: %s', (option) => {
    const answer = parsePageOptions(`?${option}`);
    expect(isRejection(answer) && answer.message).toContain(option);
  });
});

describe('the part of the sample data', () => {
  it('is the one the address names', () => {
    expect(chooseShard({ ...NONE, shard: { index: 3, count: 4 } }, 60_000, 0)).toEqual({ index: 3, count: 4 });
  });

  it('is otherwise a modest one, chosen by chance among all', () => {
    expect(chooseShard(NONE, 60_000, 0)).toEqual({ index: 0, count: 75 });
    expect(chooseShard(NONE, 60_000, 0.9999)).toEqual({ index: 74, count: 75 });
  });

  it('is never empty, however little there is', () => {
    for (const examples of [1, 4, 455]) {
      const { index, count } = chooseShard(NONE, examples, 0.99);
      expect(count).toBeLessThanOrEqual(examples);
      expect(index).toBeLessThan(count);
    }
  });
});
