import type { Trainer } from '@sotto/learner/worker/client';
import { useEffect, useState } from 'react';

export type TrainerLoad =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly trainer: Trainer }
  | { readonly state: 'failed'; readonly error: unknown; readonly retry: () => void };

/** A worker of its own for as long as it is shown, so that the rounds never wait for it. @param backend  what it computes with; null: the fastest */
export function useTrainer(backend: string | null): TrainerLoad {
  const [attempt, setAttempt] = useState(0);
  const [load, setLoad] = useState<TrainerLoad>({ state: 'loading' });

  useEffect(() => {
    let over = false;
    let trainer: Trainer | undefined;
    setLoad({ state: 'loading' });
    const start = async () => {
      const { startTrainer } = await import('@sotto/learner/worker/start.browser');
      if (over) return;
      trainer = startTrainer();
      await trainer.prepare(backend === null ? {} : { force: backend });
      if (!over) setLoad({ state: 'ready', trainer });
    };
    start().catch((error) => {
      if (!over) setLoad({ state: 'failed', error, retry: () => setAttempt((count) => count + 1) });
    });
    return () => {
      over = true;
      trainer?.dispose();
    };
  }, [backend, attempt]);

  return load;
}
