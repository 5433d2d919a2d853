import type { Trainer } from '@sotto/learner/worker/client';
import { useEffect, useState } from 'react';
import { explainByVersion } from '../../pwa/new-version.ts';
import type { Amount } from '../../session/code-loading.ts';
import { startOwnTrainer } from './trainer-start.ts';

export type TrainerLoad =
  /** How much of it is there, from 0 to 1; null while it is being tried. */
  | { readonly state: 'loading'; readonly share: number | null }
  | { readonly state: 'ready'; readonly trainer: Trainer }
  | { readonly state: 'failed'; readonly error: unknown; readonly retry: () => void };

const LOADING: TrainerLoad = { state: 'loading', share: null };

/** A trainer for as long as it is shown. @param backend  what the address wants it to compute with, if anything */
export function useTrainer(backend: string | null): TrainerLoad {
  const [attempt, setAttempt] = useState(0);
  const [load, setLoad] = useState<TrainerLoad>(LOADING);

  useEffect(() => {
    let over = false;
    let trainer: Trainer | undefined;
    setLoad(LOADING);
    const follow = ({ done, total }: Amount) => {
      if (!over) setLoad({ state: 'loading', share: done < total ? done / total : null });
    };
    const start = async () => {
      trainer = await explainByVersion(() => startOwnTrainer(backend, follow));
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
