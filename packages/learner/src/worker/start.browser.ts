import { createTrainer, type Trainer } from './client.ts';
import { watchLifeline } from './lifeline.ts';

/** Starts the learner in a Worker of its own. Needs a bundler that understands `new Worker(new URL(…))`, such as Vite. */
export function startTrainer(): Trainer {
  return createTrainer(() => {
    const name = `sotto-learner-${crypto.randomUUID()}`;
    const worker = new Worker(new URL('./host.browser.ts', import.meta.url), { type: 'module', name });
    const { promise: gone, resolve } = Promise.withResolvers<string>();
    const terminate = (reason: string) => {
      worker.terminate();
      resolve(reason);
    };
    worker.addEventListener('error', (event) => terminate(event.message || 'it could not be loaded'));
    watchLifeline(worker, name, () => terminate('the browser ended it'));
    return { endpoint: worker, gone, terminate };
  });
}
