/**
 * Walker's alias method (Vose 1991) in integers, hence exact: item i is drawn with probability weight_i / (columns · 2^(32 − shift)), and
 * with it a height uniform over 0 … weight_i − 1. What the weights leave of that total falls to an item of its own, the filler.
 */
export interface AliasTable {
  /** A power of two. */
  readonly columns: number;
  /** A column is 2^(32 − shift) high: a word without its last `shift` bits. */
  readonly shift: number;
  /** In each column, below this stands its own item, above it the alias. */
  readonly split: Float64Array;
  /** Height within the item where its part of the column begins; to be added to the height in the column. */
  readonly ownOffset: Float64Array;
  readonly alias: Uint32Array;
  readonly aliasOffset: Float64Array;
}

/** @param weights  integers up to 2^32; the filler is the item after the last. */
export function createAliasTable(weights: readonly number[]): AliasTable {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const columns = 2 ** Math.ceil(Math.log2(weights.length + 1));
  let height = 2 ** 32;
  while ((columns * height) / 2 >= total && height > 1) height /= 2;
  const left = new Float64Array(columns);
  left.set(weights);
  left[weights.length] = columns * height - total;
  const table: AliasTable = {
    columns,
    shift: 32 - Math.log2(height),
    split: new Float64Array(columns).fill(height),
    ownOffset: new Float64Array(columns),
    alias: new Uint32Array(columns),
    aliasOffset: new Float64Array(columns),
  };
  const used = new Float64Array(columns);
  const order = Array.from(left.keys());
  const small = order.filter((item) => left[item]! < height);
  const large = order.filter((item) => left[item]! >= height);
  // A small item leaves room in its column, which the top of a large one fills. All are integers: nothing is left at the end.
  for (let item = small.pop(); item !== undefined; item = small.pop()) {
    const filling = large.at(-1)!;
    table.split[item] = left[item]!;
    table.ownOffset[item] = used[item]!;
    table.alias[item] = filling;
    table.aliasOffset[item] = used[filling]! - left[item]!;
    const part = height - left[item]!;
    used[filling]! += part;
    left[filling]! -= part;
    if (left[filling]! < height) {
      large.pop();
      small.push(filling);
    }
  }
  // Those are exactly one column high now.
  for (const item of large) table.ownOffset[item] = used[item]!;
  return table;
}
