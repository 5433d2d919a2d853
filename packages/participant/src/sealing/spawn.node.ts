import { Worker } from 'node:worker_threads';
import { nodeEndpoint } from '@sotto/he-core/worker/endpoint.node';
import { createSealer, type Sealer } from './client.ts';

/** A sealing thread of its own; it keeps the process alive until `close`. */
export function spawnSealer(): Sealer {
  const worker = new Worker(new URL('./host.node.ts', import.meta.url), { name: 'sotto-sealer' });
  return createSealer(nodeEndpoint(worker), () => void worker.terminate());
}
