import * as Comlink from 'comlink';
import type { LearnerService } from '../service.ts';
import type { TrainingProgress } from '../training.ts';

type OnProgress = (progress: TrainingProgress) => void;

/** Serves the learner on this worker's end; the delta is handed over, not copied. */
export function exposeService(service: LearnerService, endpoint: Comlink.Endpoint): void {
  const served: LearnerService = {
    ...service,
    async train(request, onProgress) {
      const remote = onProgress as Comlink.Remote<OnProgress>;
      let told: Promise<void> | undefined;
      const outcome = await service.train(request, (progress) => {
        told = remote(progress);
      });
      // The callback is a message port of its own: the result must not overtake the last progress, and nobody else would close it.
      await told;
      remote[Comlink.releaseProxy]();
      return 'value' in outcome ? Comlink.transfer(outcome, [outcome.value.delta.buffer]) : outcome;
    },
  };
  Comlink.expose(served, endpoint);
}
