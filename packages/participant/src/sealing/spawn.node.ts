import { Worker } from 'node:worker_threads';
import { nodeEndpoint } from '@sotto/he-core/worker/endpoint.node';
import { createSealer, type Sealer } from './client.ts';

export function spawnSealer(): Sealer {
  return createSealer(() => {
    const worker = new Worker(new URL('./host.node.ts', import.meta.url), { name: 'sotto-sealer' });
    const { promise: gone, resolve } = Promise.withResolvers<string>();
    // Without a listener an error in the thread would end the process.
    worker.on('error', (error) => resolve(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => resolve(`its thread ended with status ${code}`));
    return {
      endpoint: nodeEndpoint(worker),
      gone,
      terminate() {
        resolve('it was closed');
        void worker.terminate();
      },
    };
  });
}
