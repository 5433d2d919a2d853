import { watchLifeline } from '@sotto/learner/worker/lifeline';
import { createSealer, type Sealer } from './client.ts';

export function spawnSealer(): Sealer {
  return createSealer(() => {
    // Bundlers find the Worker by this very expression.
    const name = `sotto-sealer-${crypto.randomUUID()}`;
    const worker = new Worker(new URL('./host.browser.ts', import.meta.url), { type: 'module', name });
    const { promise: gone, resolve } = Promise.withResolvers<string>();
    const terminate = (reason: string) => {
      worker.terminate();
      resolve(reason);
    };
    worker.addEventListener('error', (event) => terminate(event.message || 'its Worker could not be loaded'));
    watchLifeline(worker, name, () => terminate('the browser ended it'));
    return { endpoint: worker, gone, terminate: () => terminate('it was closed') };
  });
}
