import { createRandom, mixSeed, shuffledIndices } from './random.ts';
import { TrainingError } from './training-error.ts';

/** Participant `index` of `count`, who holds a part of the data that no other holds. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /**
   * `iid`: a random part. `label`: sorted by class and dealt as two runs of neighbours to each, so that most see only two classes or
   * so (McMahan et al. 2017, section 3).
   */
  readonly by: 'iid' | 'label';
}

/** Shards of different participants never overlap, and together they are the whole; so the seed is that of the data, not of a participant. */
export function shardIndices(labels: Int32Array, { index, count, by }: Shard, seed: number): Uint32Array<ArrayBuffer> {
  if (!(Number.isInteger(count) && count >= 1 && Number.isInteger(index) && index >= 0 && index < count))
    throw new TrainingError(
      'bad_dataset',
      `There is no shard ${index} of ${count}: shards are counted from 0 to ${count - 1}.`,
    );
  return dealShards(labels, { count, by, runs: 2 }, seed)(index);
}

/** The deck is shuffled and sorted once; the shard of each index is then made as it is asked for. `runs`: of neighbours, to each, by label. */
export function dealShards(
  labels: Int32Array,
  { count, by, runs }: Pick<Shard, 'count' | 'by'> & { readonly runs: number },
  seed: number,
): (index: number) => Uint32Array<ArrayBuffer> {
  const pieces = by === 'iid' ? count : runs * count;
  if (pieces > labels.length)
    throw new TrainingError(
      'bad_dataset',
      `${labels.length} examples cannot be dealt into ${pieces} pieces. Use fewer shards.`,
    );
  const order = shuffledIndices(labels.length, createRandom(mixSeed(seed, 0)));
  const piece = (i: number) =>
    order.subarray(Math.floor((i * labels.length) / pieces), Math.floor(((i + 1) * labels.length) / pieces));
  if (by === 'iid') return (index) => piece(index).slice();
  order.sort((a, b) => labels[a]! - labels[b]! || a - b);
  const dealt = shuffledIndices(pieces, createRandom(mixSeed(seed, 1)));
  return (index) => {
    const mine = Array.from(dealt.subarray(runs * index, runs * (index + 1)), (i) => [...piece(i)]).flat();
    return shuffledIndices(mine.length, createRandom(mixSeed(seed, 2 + index))).map((i) => mine[i]!);
  };
}
