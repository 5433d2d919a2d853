import * as Comlink from 'comlink';
import { TrainingError } from '../training-error.ts';
import type { BuildOutcome, BuildRequest } from './build-request.ts';
import type { Workshop } from './worker.browser.ts';
import type { BuiltModel } from './workshop.ts';

/**
 * Really builds a model, in a Worker that lives for this alone: what TF.js keeps of models goes with it.
 * @throws TrainingError `bad_model`; `worker_gone` where the worker could not be started or ran out of memory; `cancelled` by the signal
 */
export async function buildInWorker(request: BuildRequest, signal: AbortSignal): Promise<BuiltModel> {
  const worker = new Worker(new URL('./worker.browser.ts', import.meta.url), {
    type: 'module',
    name: 'sotto-workshop',
  });
  const { promise: over, reject } = Promise.withResolvers<never>();
  const cancel = () => reject(new TrainingError('cancelled', 'Another model was chosen meanwhile.'));
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  worker.addEventListener('error', ({ message }) =>
    reject(
      new TrainingError('worker_gone', `The part of this page that builds models has ended: ${message}. Try again.`),
    ),
  );
  try {
    const outcome = await Promise.race([Comlink.wrap<Workshop>(worker)(request) as Promise<BuildOutcome>, over]);
    if ('refused' in outcome) throw new TrainingError('bad_model', outcome.refused);
    return outcome.built;
  } finally {
    signal.removeEventListener('abort', cancel);
    worker.terminate();
  }
}
