import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../backend.ts';
import { webglFault, webgpuFault } from '../gpu.ts';

async function activate(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`this browser cannot start ${name}`);
  await tf.ready();
}

/** Each loaded only when it is tried. */
export const browserBackends: readonly Backend[] = [
  {
    name: 'webgpu',
    fault: webgpuFault,
    async activate() {
      await import('@tensorflow/tfjs-backend-webgpu');
      await activate('webgpu');
    },
  },
  {
    name: 'webgl',
    fault: webglFault,
    async activate() {
      await import('@tensorflow/tfjs-backend-webgl');
      // Element by element operations in packed textures leave rubbish beyond odd edges (exp(0) = 1), which a product over an odd
      // dimension then adds up: with an odd number of classes the gradients are silently wrong (TF.js 4.22).
      tf.env().set('WEBGL_PACK_UNARY_OPERATIONS', false);
      tf.env().set('WEBGL_PACK_BINARY_OPERATIONS', false);
      // A software renderer gets here only when somebody forced it; without the flag TF.js would refuse.
      tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
      await activate('webgl');
    },
  },
  {
    name: 'wasm',
    fault: async () => undefined,
    async activate() {
      const { activateWasm } = await import('../wasm.ts');
      await activateWasm({
        'tfjs-backend-wasm.wasm': plain,
        'tfjs-backend-wasm-simd.wasm': simd,
        'tfjs-backend-wasm-threaded-simd.wasm': threaded,
      });
    },
  },
  {
    name: 'cpu',
    fault: async () => undefined,
    async activate() {
      await import('@tensorflow/tfjs-backend-cpu');
      await activate('cpu');
    },
  },
];
