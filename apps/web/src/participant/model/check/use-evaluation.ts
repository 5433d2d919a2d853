import type { Dataset } from '@sotto/learner/dataset';
import type { Evaluation } from '@sotto/learner/evaluation';
import type { Trainer } from '@sotto/learner/worker/client';
import { useEffect, useState } from 'react';

export type EvaluationLoad =
  | { readonly state: 'working' }
  | { readonly state: 'done'; readonly evaluation: Evaluation }
  | { readonly state: 'failed'; readonly error: unknown; readonly retry: () => void };

/** The model's answers on a dataset, anew whenever either changes. */
export function useEvaluation(trainer: Trainer | null, model: Uint8Array | null, dataset: Dataset | null) {
  const [attempt, setAttempt] = useState(0);
  const [load, setLoad] = useState<EvaluationLoad>({ state: 'working' });
  useEffect(() => {
    if (!trainer || !model || !dataset) return;
    let over = false;
    setLoad({ state: 'working' });
    trainer.evaluate({ model, dataset }).then(
      (evaluation) => {
        if (!over) setLoad({ state: 'done', evaluation });
      },
      (error) => {
        if (!over) setLoad({ state: 'failed', error, retry: () => setAttempt((count) => count + 1) });
      },
    );
    return () => {
      over = true;
    };
  }, [trainer, model, dataset, attempt]);
  return load;
}
