import { Worker } from 'node:worker_threads';
import type { Endpoint } from 'comlink';
import { messageOf } from '../training-error.ts';
import { createTrainer, type Trainer } from './client.ts';

/** Starts the learner in a worker thread of its own. It keeps the process alive until `dispose`. */
export function startTrainer(): Trainer {
  return createTrainer(() => {
    const { port1: near, port2: far } = new MessageChannel();
    const worker = new Worker(new URL('./host.node.ts', import.meta.url), {
      name: 'sotto-learner',
      // Tensors lie in WebAssembly's memory: room for new objects only makes the process grow.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
      workerData: far,
      transferList: [far as never],
    });
    const { promise: gone, resolve } = Promise.withResolvers<string>();
    worker.on('error', (error) => resolve(messageOf(error)));
    worker.on('exit', (code) => {
      resolve(`it ended with status ${code}`);
      near.close();
    });
    return {
      endpoint: near as unknown as Endpoint,
      gone,
      terminate(reason) {
        resolve(reason);
        void worker.terminate();
      },
    };
  });
}
