import * as Comlink from 'comlink';
import type { LearnerService } from '../service.ts';
import type { TrainingProgress } from '../training.ts';

type OnProgress = (progress: TrainingProgress) => void;

/** Serves the learner on this worker's end; the delta is handed over, not copied. */
export function exposeService(service: LearnerService, endpoint: Comlink.Endpoint): void {
  const served: LearnerService = {
    ...service,
    async train(request, onProgress) {
      const outcome = await service.train(request, onProgress);
      // The callback is a message port of its own, which nobody else would close.
      (onProgress as Comlink.Remote<OnProgress>)[Comlink.releaseProxy]();
      return 'value' in outcome ? Comlink.transfer(outcome, [outcome.value.delta.buffer]) : outcome;
    },
  };
  Comlink.expose(served, endpoint);
}
