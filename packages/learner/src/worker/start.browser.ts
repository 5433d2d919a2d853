import { createTrainer, type Trainer } from './client.ts';

/** Starts the learner in a Worker of its own. Needs a bundler that understands `new Worker(new URL(…))`, such as Vite. */
export function startTrainer(): Trainer {
  const worker = new Worker(new URL('./host.browser.ts', import.meta.url), { type: 'module', name: 'sotto-learner' });
  const { promise: gone, resolve } = Promise.withResolvers<string>();
  worker.addEventListener('error', (event) => resolve(event.message || 'it could not be loaded'));
  return createTrainer({
    endpoint: worker,
    gone,
    terminate() {
      worker.terminate();
      resolve('it was ended');
    },
  });
}
