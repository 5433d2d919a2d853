import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from './dataset.ts';
import { heldOutSize, holdOut } from './held-out.ts';

/** Each example's only input is its own number. */
function numbered(labels: readonly number[]): Dataset {
  return {
    inputs: Float32Array.from(labels, (_, i) => i),
    shape: [1],
    scale: 1,
    labels: Int32Array.from(labels),
  };
}
const count = (labels: Iterable<number>, label: number) => [...labels].filter((of) => of === label).length;

describe('the part kept aside', () => {
  it('is a fifth of each class, and none of a class with fewer than five', () => {
    const labels = [...Array(800).fill(0), ...Array(7).fill(1), ...Array(4).fill(2)];
    const { train, held } = holdOut(numbered(labels));
    expect([0, 1, 2].map((label) => count(held!.labels, label))).toEqual([160, 1, 0]);
    expect([0, 1, 2].map((label) => count(train.labels, label))).toEqual([640, 6, 4]);
  });

  it('is nothing where every class is too small; then the whole is learned from', () => {
    const dataset = numbered([0, 0, 0, 0, 1, 1, 1]);
    expect(holdOut(dataset)).toEqual({ train: dataset, held: null });
  });

  it('and the other part are the whole together, in order, every time the same', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 120 }), (labels) => {
        const dataset = numbered(labels);
        const { train, held } = holdOut(dataset);
        const aside = [...(held?.inputs ?? [])];
        expect([...train.inputs, ...aside].sort((a, b) => a - b)).toEqual([...dataset.inputs]);
        for (const part of [[...train.inputs], aside]) expect(part).toEqual(part.toSorted((a, b) => a - b));
        expect(aside).toHaveLength(heldOutSize(dataset.labels));
        expect(holdOut(dataset)).toEqual({ train, held });
        for (const [i, input] of [...train.inputs].entries()) expect(train.labels[i]).toBe(labels[input]);
      }),
    );
  });

  it('is not the first that were brought', () => {
    const { held } = holdOut(numbered(Array(100).fill(0)));
    expect(Math.max(...held!.inputs)).toBeGreaterThan(50);
  });
});
