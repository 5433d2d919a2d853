import { type Dataset, datasetSize, pickExamples } from './dataset.ts';
import { createRandom, shuffledIndices } from './random.ts';

const FRACTION = 0.2;
/** Of a class with fewer examples nothing can be spared, … */
const FEWEST = 5;
/** … and whoever splits the same examples again must get the same parts, or the model would be checked on what it learned from. */
const SEED = 0x5eed;

export interface HeldOut {
  /** What is learned from. */
  readonly train: Dataset;
  /** What the model is checked on, here and never anywhere else; null when there is too little of every class. */
  readonly held: Dataset | null;
}

/**
 * Keeps a fifth of each class aside (rounded; none of a class with fewer than 5 examples), the same fifth every time. Both parts keep the
 * examples' order.
 */
export function holdOut(dataset: Dataset): HeldOut {
  const size = datasetSize(dataset);
  const spare = spares(dataset.labels);
  const aside = new Uint8Array(size);
  let count = 0;
  for (const index of shuffledIndices(size, createRandom(SEED))) {
    const label = dataset.labels[index]!;
    const left = spare.get(label) ?? 0;
    if (left === 0) continue;
    spare.set(label, left - 1);
    aside[index] = 1;
    count++;
  }
  if (count === 0) return { train: dataset, held: null };
  const part = (of: number, length: number) => {
    const indices = new Uint32Array(length);
    let at = 0;
    for (let i = 0; i < size; i++) if (aside[i] === of) indices[at++] = i;
    return pickExamples(dataset, indices);
  };
  return { train: part(0, size - count), held: part(1, count) };
}

/** How many examples `holdOut` keeps aside. */
export function heldOutSize(labels: Int32Array): number {
  let count = 0;
  for (const spare of spares(labels).values()) count += spare;
  return count;
}

/** Of each class, how many are kept aside. */
function spares(labels: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  for (const [label, count] of counts) counts.set(label, count < FEWEST ? 0 : Math.round(count * FRACTION));
  return counts;
}
