import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateWasm } from './wasm.ts';
import { WASM_FOLDER } from './worker/backends.node.ts';

const cases = [
  { height: 8, width: 8, inChannels: 1, outChannels: 4, filter: [3, 3], strides: [1, 1], pad: 'valid' },
  { height: 9, width: 7, inChannels: 3, outChannels: 5, filter: [3, 5], strides: [1, 1], pad: 'same' },
  { height: 10, width: 10, inChannels: 2, outChannels: 3, filter: [3, 3], strides: [2, 2], pad: 'same' },
  { height: 10, width: 11, inChannels: 2, outChannels: 3, filter: [4, 3], strides: [3, 2], pad: 'valid' },
  { height: 5, width: 5, inChannels: 4, outChannels: 2, filter: [1, 1], strides: [2, 2], pad: 'valid' },
  { height: 6, width: 6, inChannels: 2, outChannels: 2, filter: [5, 5], strides: [1, 1], pad: 2 },
] as const;

const ramp = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(step * i));

async function gradients(
  backend: string,
  { height, width, inChannels, outChannels, filter, strides, pad }: (typeof cases)[number],
) {
  await tf.setBackend(backend);
  const x = tf.tensor4d(ramp(3 * height * width * inChannels, 0.7), [3, height, width, inChannels]);
  const w = tf.tensor4d(ramp(filter[0] * filter[1] * inChannels * outChannels, 1.3), [
    ...filter,
    inChannels,
    outChannels,
  ]);
  const loss = (image: tf.Tensor, kernel: tf.Tensor) =>
    tf.sum(tf.square(tf.conv2d(image as tf.Tensor4D, kernel as tf.Tensor4D, [...strides], pad)));
  const [dx, dw] = tf.grads(loss)([x, w]);
  const values = [await dx!.data(), await dw!.data()];
  tf.dispose([x, w, dx!, dw!]);
  return values;
}

describe('the convolution gradient for WASM', () => {
  beforeAll(async () => {
    tf.enableProdMode();
    await activateWasm(WASM_FOLDER);
  });

  it.each(cases)('equals the CPU backend’s to 1e-5: $filter by $strides, padding $pad', async (shape) => {
    const [dxCpu, dwCpu] = await gradients('cpu', shape);
    const [dxWasm, dwWasm] = await gradients('wasm', shape);
    const scale = Math.max(...dwCpu!.map(Math.abs));
    for (const [i, expected] of dwCpu!.entries()) expect(Math.abs(dwWasm![i]! - expected)).toBeLessThan(1e-5 * scale);
    const inputScale = Math.max(...dxCpu!.map(Math.abs));
    for (const [i, expected] of dxCpu!.entries())
      expect(Math.abs(dxWasm![i]! - expected)).toBeLessThan(1e-5 * inputScale);
  });

  it('leaves no tensor behind', async () => {
    await gradients('wasm', cases[1]);
    const before = tf.memory().numTensors;
    await gradients('wasm', cases[1]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
