import { createSealingClient, type SealingClient } from './client.ts';

/** A sealing service in a Worker of its own. Bundlers find the host by this very expression. */
export function spawnSealer(): SealingClient {
  const worker = new Worker(new URL('./host.browser.ts', import.meta.url), { type: 'module' });
  return createSealingClient(worker, () => worker.terminate());
}
