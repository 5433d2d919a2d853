import { sizeOf } from '@sotto/protocol/safetensors';
import { type Dataset, datasetSize } from './dataset.ts';

/**
 * Each list of indices as a dataset of its own, all of them views of one copy in memory that threads share: however many participants
 * there are, and whichever worker learns for them, the examples are there once. In Node, and in pages that are cross-origin isolated.
 */
export function shareParts(dataset: Dataset, parts: readonly Uint32Array[]): Dataset[] {
  const { inputs, shape, scale, labels } = dataset;
  const width = sizeOf(shape);
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const shared =
    inputs instanceof Uint8Array
      ? new Uint8Array(new SharedArrayBuffer(total * width))
      : new Float32Array(new SharedArrayBuffer(4 * total * width));
  const sharedLabels = new Int32Array(new SharedArrayBuffer(4 * total));
  const size = datasetSize(dataset);
  let at = 0;
  return parts.map((part) => {
    const start = at;
    for (const index of part) {
      if (!(index < size)) throw new RangeError(`no example ${index} among ${size}`);
      shared.set(inputs.subarray(index * width, (index + 1) * width), at * width);
      sharedLabels[at] = labels[index]!;
      at += 1;
    }
    return {
      inputs: shared.subarray(start * width, at * width),
      shape,
      scale,
      labels: sharedLabels.subarray(start, at),
    };
  });
}
