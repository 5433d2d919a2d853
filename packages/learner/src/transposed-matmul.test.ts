import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateWasm } from './wasm.ts';
import { WASM_FOLDER } from './worker/backends.node.ts';

const ramp = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(step * i));

async function product(
  backend: string,
  rows: number,
  columns: number,
  transposeA: boolean,
  transposeB: boolean,
  batch: number,
) {
  await tf.setBackend(backend);
  const inner = 6;
  const stack = batch === 0 ? [] : [batch];
  const matrices = Math.max(1, batch);
  const a = tf.tensor(ramp(matrices * rows * inner, 0.7), [...stack, ...(transposeA ? [inner, rows] : [rows, inner])]);
  const b = tf.tensor(ramp(matrices * columns * inner, 1.1), [
    ...stack,
    ...(transposeB ? [columns, inner] : [inner, columns]),
  ]);
  const c = tf.matMul(a, b, transposeA, transposeB);
  const answer = { shape: c.shape, values: await c.data() };
  tf.dispose([a, b, c]);
  return answer;
}

describe('products with transposed factors on WASM', () => {
  beforeAll(async () => {
    tf.enableProdMode();
    await activateWasm(WASM_FOLDER);
  });

  it.each(
    [false, true].flatMap((transposeA) =>
      [false, true].flatMap((transposeB) =>
        [
          [3, 9, 0],
          [9, 3, 0],
          [3, 9, 1],
          [4, 5, 2],
        ].map(([rows, columns, batch]) => ({ transposeA, transposeB, rows: rows!, columns: columns!, batch: batch! })),
      ),
    ),
  )(
    'equal the CPU backend’s: $rows × $columns, A transposed $transposeA, B transposed $transposeB, stack of $batch (0: plain matrices)',
    async (c) => {
      const expected = await product('cpu', c.rows, c.columns, c.transposeA, c.transposeB, c.batch);
      const actual = await product('wasm', c.rows, c.columns, c.transposeA, c.transposeB, c.batch);
      expect(actual.shape).toEqual(expected.shape);
      for (const [i, value] of expected.values.entries()) expect(actual.values[i]).toBeCloseTo(value, 5);
    },
  );

  it('are still right after the backend is activated again', async () => {
    await activateWasm(WASM_FOLDER);
    const { values } = await product('wasm', 3, 9, false, true, 0);
    const expected = await product('cpu', 3, 9, false, true, 0);
    for (const [i, value] of expected.values.entries()) expect(values[i]).toBeCloseTo(value, 5);
    expect(tf.memory().numTensors).toBe(0);
  });
});
