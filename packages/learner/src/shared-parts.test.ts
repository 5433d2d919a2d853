import { expect, it } from 'vitest';
import { type Dataset, pickExamples } from './dataset.ts';
import { shareParts } from './shared-parts.ts';

const labels = Int32Array.from({ length: 12 }, (_, i) => i % 3);
const bytes: Dataset = { inputs: Uint8Array.from({ length: 24 }, (_, i) => i), shape: [2], scale: 1 / 255, labels };
const numbers: Dataset = { ...bytes, inputs: Float32Array.from({ length: 24 }, (_, i) => i / 7) };
const parts = [Uint32Array.of(3, 1), Uint32Array.of(), Uint32Array.of(11, 0, 5)];

it('parts hold their examples in their order, as copies of them would, in one memory', () => {
  for (const dataset of [bytes, numbers]) {
    const shared = shareParts(dataset, parts);
    expect(shared.map((part) => ({ ...part, inputs: [...part.inputs], labels: [...part.labels] }))).toEqual(
      parts.map((indices) => {
        const copy = pickExamples(dataset, indices);
        return { ...copy, inputs: [...copy.inputs], labels: [...copy.labels] };
      }),
    );
    expect(new Set(shared.map(({ inputs }) => inputs.buffer)).size).toBe(1);
    expect(shared[0]!.inputs.buffer).toBeInstanceOf(SharedArrayBuffer);
  }
});

it('an example that is not there is no example', () => {
  expect(() => shareParts(bytes, [Uint32Array.of(12)])).toThrow('no example 12');
});
