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
