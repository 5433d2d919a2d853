import { initialModel } from '../src/architecture.ts';
import type { Dataset } from '../src/dataset.ts';
import { createRandom } from '../src/random.ts';

const layer = (className: string, config: object) => ({ class_name: className, config });
const sequential = (...layers: object[]) =>
  JSON.stringify({ class_name: 'Sequential', config: { name: 'model', layers } });

/** A dropout between two dense layers: something left to chance in every place where TF.js draws. */
export const DENSE = sequential(
  layer('Dense', { name: 'hidden', units: 8, activation: 'relu', batch_input_shape: [null, 4] }),
  layer('Dropout', { name: 'drop', rate: 0.1 }),
  layer('Dense', { name: 'out', units: 3, activation: 'softmax' }),
);

export const CONVOLUTION = sequential(
  layer('Conv2D', {
    name: 'conv',
    filters: 3,
    kernel_size: [3, 3],
    activation: 'relu',
    batch_input_shape: [null, 6, 6, 1],
  }),
  layer('Flatten', { name: 'flat' }),
  layer('Dense', { name: 'out', units: 3, activation: 'softmax' }),
);

/** WASM has no gradient for the depthwise kernel. */
export const DEPTHWISE = sequential(
  layer('DepthwiseConv2D', { name: 'deep', kernel_size: [3, 3], batch_input_shape: [null, 6, 6, 1] }),
  layer('Flatten', { name: 'flat' }),
  layer('Dense', { name: 'out', units: 3, activation: 'softmax' }),
);

/** Classes that the sign pattern of the inputs gives away, so that a few steps of training must help. */
export function separable(size: number, shape: readonly number[], classes = 3): Dataset {
  const random = createRandom(7);
  const width = shape.reduce((product, side) => product * side, 1);
  const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
  const inputs = Float32Array.from(
    { length: size * width },
    (_, i) => random() - 0.5 + ((i % width) % classes === labels[Math.floor(i / width)] ? 1 : 0),
  );
  return { inputs, shape, scale: 1, labels };
}

export const denseModel = (seed = 1) => initialModel(DENSE, seed);
