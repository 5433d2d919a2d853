import { afterEach, describe, expect, it } from 'vitest';
import { announceRecords, followRecords } from './record-news.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function follow(whose: string, read: () => Promise<number>) {
  const seen: number[] = [];
  const stop = followRecords(whose, read, (records) => seen.push(records));
  stops.push(stop);
  return { seen, stop };
}

describe('the records that another tab writes', () => {
  it('are read when they change, and nobody else’s', async () => {
    let kept = 1;
    const mine = follow('a', async () => kept);
    const other = follow('b', async () => kept);
    await expect.poll(() => [mine.seen, other.seen]).toEqual([[1], [1]]);
    kept = 2;
    announceRecords('a');
    await expect.poll(() => mine.seen).toEqual([1, 2]);
    expect(other.seen).toEqual([1]);
  });

  it('are read once more after the latest news, however many came while they were being read', async () => {
    const waiting: ((records: number) => void)[] = [];
    const { seen } = follow('a', () => new Promise((resolve) => waiting.push(resolve)));
    const last = new BroadcastChannel('sotto.records');
    stops.push(() => last.close());
    const heard = new Promise((resolve) => {
      last.onmessage = ({ data }) => data === 'end' && resolve(null);
    });
    for (const whose of ['a', 'a', 'a', 'end']) announceRecords(whose);
    await heard;
    waiting[0]!(1);
    await expect.poll(() => waiting.length).toBe(2);
    waiting[1]!(4);
    await expect.poll(() => seen).toEqual([1, 4]);
    expect(waiting).toHaveLength(2);
  });

  it('that cannot be read are read again at the next news', async () => {
    let readings = 0;
    const { seen } = follow('a', async () => {
      if (readings++ === 0) throw new Error('blocked');
      return 7;
    });
    await expect.poll(() => readings).toBe(1);
    announceRecords('a');
    await expect.poll(() => seen).toEqual([7]);
  });
});
