import type { Evaluation } from './evaluation.ts';
import type { EvaluateRequest } from './service.ts';
import { TrainingError } from './training-error.ts';
import { startTrainer } from './worker/start.node.ts';

export type { Evaluation } from './evaluation.ts';

export interface Evaluator {
  /** @throws TrainingError */
  evaluate(request: EvaluateRequest): Promise<Evaluation>;
  /** In two figures. A model whose loss is no number is right about nothing: accuracy 0, loss NaN. @throws TrainingError */
  judge(request: EvaluateRequest): Promise<Pick<Evaluation, 'accuracy' | 'loss'>>;
  dispose(): void;
}

/** Evaluates models on held-out data in a worker thread (Node only). Cheap: the thread starts with the first evaluation. */
export function createEvaluator(): Evaluator {
  let trainer: ReturnType<typeof startTrainer> | undefined;
  let disposed = false;

  async function evaluate(request: EvaluateRequest): Promise<Evaluation> {
    trainer ??= startTrainer();
    try {
      return await trainer.evaluate(request);
    } catch (error) {
      if (disposed || !(error instanceof TrainingError) || error.code !== 'worker_gone') throw error;
      // The thread died, perhaps of another job: the next one gets the model once more.
      return trainer.evaluate(request);
    }
  }

  return {
    evaluate,
    async judge(request) {
      try {
        const { accuracy, loss } = await evaluate(request);
        return { accuracy, loss };
      } catch (error) {
        if (error instanceof TrainingError && error.code === 'not_finite') return { accuracy: 0, loss: Number.NaN };
        throw error;
      }
    },
    dispose() {
      disposed = true;
      trainer?.dispose();
    },
  };
}
