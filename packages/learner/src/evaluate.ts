import type { Evaluation } from './evaluation.ts';
import type { EvaluateRequest } from './service.ts';
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
  return {
    evaluate(request) {
      trainer ??= startTrainer();
      return trainer.evaluate(request);
    },
    dispose: () => trainer?.dispose(),
  };
}
