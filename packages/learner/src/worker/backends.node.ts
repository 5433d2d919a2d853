import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../backend.ts';
import { activateWasm } from '../wasm.ts';

/** The WASM binaries, inside the npm package. */
export const WASM_FOLDER = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep;

/** No GPU in Node: tfjs-node needs a download at install time, and WASM comes close to it. */
export const nodeBackends: readonly Backend[] = [
  {
    name: 'wasm',
    fault: async () => undefined,
    activate: () => activateWasm(WASM_FOLDER),
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
