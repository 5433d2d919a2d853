import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../backend.ts';
import { registerConvGradient } from '../conv-gradient.ts';
import { activateWasm } from '../wasm.node.ts';

/** No GPU in Node: tfjs-node cannot be installed where this must run, and WASM comes close to it. */
export const nodeBackends: readonly Backend[] = [
  {
    name: 'wasm',
    fault: async () => undefined,
    async activate() {
      await activateWasm();
      registerConvGradient('wasm');
    },
  },
  {
    name: 'cpu',
    fault: async () => undefined,
    async activate() {
      await import('@tensorflow/tfjs-backend-cpu');
      await tf.setBackend('cpu');
    },
  },
];
