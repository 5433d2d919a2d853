import type { Dataset } from '@sotto/learner/dataset';
import type { TrainingProgress } from '@sotto/learner/training';
import type { Trainer } from '@sotto/learner/worker/client';
import { useEffect, useRef, useState } from 'react';
import { explainByVersion } from '../../../pwa/new-version.ts';
import { isCancelled } from '../failure.ts';
import { startOwnTrainer } from '../trainer-start.ts';
import { deleteOwnModel, digestOf, keepOwnModel, loadOwnModel, type OwnModel } from './own-model-store.ts';
import { type OwnTrainingRequest, trainAlone } from './own-training.ts';

export interface OwnModelState {
  readonly own: OwnModel | null;
  /** It outlives the page. */
  readonly kept: boolean;
  /** Null while nothing is trained; `progress` is null until the first batch. */
  readonly training: { readonly progress: TrainingProgress | null } | null;
  readonly problem: { readonly error: unknown; readonly of: 'training' | 'deleting' } | null;
}

export interface OwnModelRequest extends Omit<OwnTrainingRequest, 'initial'> {
  /** All the chosen examples. */
  readonly data: Dataset;
  readonly initial: string;
  readonly openInitial: () => Promise<Uint8Array>;
}

export interface OwnModelUse {
  readonly state: OwnModelState;
  train(request: OwnModelRequest): Promise<void>;
  cancel(): void;
  forget(): Promise<void>;
}

const NOTHING: OwnModelState = { own: null, kept: false, training: null, problem: null };

/** The task's model trained alone: the one kept, or a new one, trained in a worker that ends with it. */
export function useOwnModel(task: string, device: string | null, backend: string | null): OwnModelUse {
  const [state, setState] = useState(NOTHING);
  const job = useRef<{ trainer: Trainer | null; over: boolean } | null>(null);
  const change = (next: Partial<OwnModelState>) => setState((before) => ({ ...before, ...next }));

  function end(): void {
    if (!job.current) return;
    job.current.over = true;
    job.current.trainer?.dispose();
    job.current = null;
  }

  useEffect(() => {
    let over = false;
    loadOwnModel(task, device).then(
      (own) => {
        if (!over && own) setState((before) => (before.own ? before : { ...before, own, kept: true }));
      },
      // Without storage nothing can have been kept.
      () => {},
    );
    return () => {
      over = true;
      end();
    };
  }, [task, device]);

  return {
    state,
    async train({ data, initial, openInitial, ...request }) {
      end();
      const own = { trainer: null as Trainer | null, over: false };
      job.current = own;
      change({ training: { progress: null }, problem: null });
      try {
        const [file, digest] = await Promise.all([openInitial(), digestOf(data)]);
        if (own.over) return;
        own.trainer = await explainByVersion(() => startOwnTrainer(backend));
        // Whoever left meanwhile could not end what was not there yet.
        if (own.over) return own.trainer.dispose();
        const trained = await trainAlone(own.trainer, { ...request, initial: file }, (progress) => {
          if (!own.over) change({ training: { progress } });
        });
        if (own.over) return;
        const model: OwnModel = {
          ...trained,
          task,
          initial,
          data: digest,
          examples: request.train.labels.length,
          passes: request.passes,
          at: Date.now(),
        };
        const kept = await keepOwnModel(model, device).then(
          () => true,
          () => false,
        );
        change({ own: model, kept });
      } catch (error) {
        if (!own.over && !isCancelled(error)) change({ problem: { error, of: 'training' } });
      }
      if (job.current !== own) return;
      end();
      change({ training: null });
    },
    cancel() {
      end();
      change({ training: null });
    },
    async forget() {
      try {
        if (state.kept) await deleteOwnModel(task, device);
        change({ own: null, kept: false, problem: null });
      } catch (error) {
        change({ problem: { error, of: 'deleting' } });
      }
    },
  };
}
