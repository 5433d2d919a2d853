import type { Evaluation } from './evaluation.ts';
import type { EvaluateRequest } from './service.ts';
import { TrainingError } from './training-error.ts';
import { startTrainer } from './worker/start.node.ts';

export type { Evaluation } from './evaluation.ts';

export interface Evaluator {
  /** @throws TrainingError */
  evaluate(request: EvaluateRequest): Promise<Evaluation>;
  dispose(): void;
}

/** Evaluates models on held-out data in a worker thread (Node only). Cheap: the thread starts with the first evaluation. */
export function createEvaluator(): Evaluator {
  let trainer: ReturnType<typeof startTrainer> | undefined;
  let disposed = false;
  return {
    async evaluate(request) {
      trainer ??= startTrainer();
      try {
        return await trainer.evaluate(request);
      } catch (error) {
        if (disposed || !(error instanceof TrainingError) || error.code !== 'worker_gone') throw error;
        // The thread died, perhaps of another job: the next one gets the model once more.
        return trainer.evaluate(request);
      }
    },
    dispose() {
      disposed = true;
      trainer?.dispose();
    },
  };
}
