import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { registerConvGradient } from './conv-gradient.ts';
import { registerTransposedMatMul } from './transposed-matmul.ts';

/**
 * Makes WASM the current backend, with the kernels that it needs for training.
 * @param paths  folder of the npm package's binaries, ending in a separator, or the address of each of the three
 */
export async function activateWasm(paths: Parameters<typeof setWasmPaths>[0]): Promise<void> {
  // Threads do not help with kernels this small, and would take the cores of other participants.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(paths);
  if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly cannot be started here');
  registerConvGradient('wasm');
  registerTransposedMatMul('wasm');
}
