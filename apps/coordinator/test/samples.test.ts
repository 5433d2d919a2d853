import { isRejection } from '@sotto/protocol/rejection';
import type { TaskManifest } from '@sotto/protocol/task';
import { describe, expect, it } from 'vitest';
import { createSamples, type Sample, type SampleRequest } from '../src/tasks/samples.ts';

const task = { folder: '/nowhere', source: { id: 't' } as TaskManifest, revision: null };
const shard = (index: number): SampleRequest => ({ task, shard: { index, count: 9, by: 'iid' } });

/** Shards of ten bytes; tells which were encoded, and how many at once. */
function openSamples(options: Parameters<typeof createSamples>[1] = {}) {
  const encoded: number[] = [];
  let atOnce = 0;
  let most = 0;
  const samples = createSamples(async ({ shard: { index } }) => {
    encoded.push(index);
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
    if (index === 8) throw new Error('the thread is gone');
    return new Uint8Array(10).fill(index);
  }, options);
  const take = async (index: number): Promise<Sample> => {
    const sample = await samples.take(shard(index));
    if (isRejection(sample)) throw new Error(sample.rejected);
    return sample;
  };
  return { take, samples, encoded, most: () => most };
}

describe('samples', () => {
  it('are encoded once for all who ask, and one at a time', async () => {
    const { take, encoded, most } = openSamples();
    const taken = await Promise.all([1, 2, 1, 1, 2].map(take));
    expect(taken.map(({ bytes }) => bytes[0])).toEqual([1, 2, 1, 1, 2]);
    expect(encoded).toEqual([1, 2]);
    expect(most()).toBe(1);
  });

  it('make room for others, the least recently asked for first, once they are sent', async () => {
    const { take, encoded } = openSamples({ budgetBytes: 30 });
    for (const index of [1, 2, 3]) (await take(index)).release();
    (await take(1)).release();
    (await take(4)).release();
    for (const index of [1, 3, 4]) (await take(index)).release();
    expect(encoded).toEqual([1, 2, 3, 4]);
    (await take(2)).release();
    expect(encoded).toEqual([1, 2, 3, 4, 2]);
  });

  it('are refused while all the room is taken by what is being sent, however often one of it is released', async () => {
    const { take } = openSamples({ budgetBytes: 20 });
    const [one, two] = [await take(1), await take(2)];
    const again = await take(1);
    await expect(take(3)).rejects.toThrow('too_busy');
    one.release();
    one.release();
    await expect(take(3)).rejects.toThrow('too_busy');
    two.release();
    expect((await take(3)).bytes[0]).toBe(3);
    again.release();
  });

  it('are refused to a crowd, and still there after a failure', async () => {
    const { take, samples } = openSamples({ mostWaiting: 2 });
    const [first, second, third] = await Promise.all([1, 2, 3].map((index) => samples.take(shard(index))));
    expect([first, second, third].map((answer) => isRejection(answer) && answer.rejected)).toEqual([
      false,
      false,
      'too_busy',
    ]);
    await expect(take(8)).rejects.toThrow('gone');
    expect((await take(3)).bytes[0]).toBe(3);
  });
});
