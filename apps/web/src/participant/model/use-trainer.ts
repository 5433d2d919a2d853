import type { Trainer } from '@sotto/learner/worker/client';
import { useEffect, useState } from 'react';
import { explainByVersion } from '../../pwa/new-version.ts';
import { startOwnTrainer } from './trainer-start.ts';

export type TrainerLoad =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly trainer: Trainer }
  | { readonly state: 'failed'; readonly error: unknown; readonly retry: () => void };

/** A trainer for as long as it is shown. @param backend  what the address wants it to compute with, if anything */
export function useTrainer(backend: string | null): TrainerLoad {
  const [attempt, setAttempt] = useState(0);
  const [load, setLoad] = useState<TrainerLoad>({ state: 'loading' });

  useEffect(() => {
    let over = false;
    let trainer: Trainer | undefined;
    setLoad({ state: 'loading' });
    const start = async () => {
      trainer = await explainByVersion(() => startOwnTrainer(backend));
      if (over) trainer.dispose();
      else setLoad({ state: 'ready', trainer });
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
