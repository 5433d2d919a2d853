import { Worker } from 'node:worker_threads';
import { createSealingClient, type SealingClient } from './client.ts';
import { nodeEndpoint } from './endpoint.node.ts';

/** A sealing service in a worker thread of its own. */
export function spawnSealer(): SealingClient {
  const worker = new Worker(new URL('./host.node.ts', import.meta.url));
  return createSealingClient(nodeEndpoint(worker), () => void worker.terminate());
}
