import { createSealer, type Sealer } from './client.ts';

/** Bundlers find the Worker by this very expression. */
export function spawnSealer(): Sealer {
  const worker = new Worker(new URL('./host.browser.ts', import.meta.url), { type: 'module', name: 'sotto-sealer' });
  return createSealer(worker, () => worker.terminate());
}
