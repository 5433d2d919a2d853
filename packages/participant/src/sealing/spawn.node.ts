import { Worker } from 'node:worker_threads';
import { nodeEndpoint } from '@sotto/he-core/worker/endpoint.node';
import { createSealer, type Sealer } from './client.ts';

export function spawnSealer(): Sealer {
  const worker = new Worker(new URL('./host.node.ts', import.meta.url), { name: 'sotto-sealer' });
  return createSealer(nodeEndpoint(worker), () => void worker.terminate());
}
