import * as Comlink from 'comlink';
import type { BackendChoice } from '../backend.ts';
import type { Evaluation } from '../evaluation.ts';
import type { EvaluateRequest, LearnerService, Outcome, PredictRequest, TrainRequest } from '../service.ts';
import type { TrainingProgress, TrainingResult } from '../training.ts';
import { TrainingError } from '../training-error.ts';

/** A worker that hosts the learner, in a browser or in Node. */
export interface LearnerWorker {
  readonly endpoint: Comlink.Endpoint;
  /** Resolves, with the reason, when the worker is gone: crashed or terminated. Never rejects. */
  readonly gone: Promise<string>;
  readonly terminate: () => void;
}

export interface Trainer {
  /** Chooses the backend (see `chooseBackend`); without it, the first job does. `force` may be an earlier choice. */
  prepare(options?: { readonly force?: string | undefined }): Promise<BackendChoice>;
  /** The model is given as its file. The delta is handed over by the worker, not copied. */
  train(request: TrainRequest, onProgress?: (progress: TrainingProgress) => void): Promise<TrainingResult>;
  evaluate(request: EvaluateRequest): Promise<Evaluation>;
  /** The probability of each class for each example, [n · classes], row by row. */
  predict(request: PredictRequest): Promise<Float32Array>;
  /** Every job under way ends with `cancelled`. */
  cancel(): void;
  /** Ends the worker; every job under way ends with `worker_gone`. */
  dispose(): void;
}

/** The near end of a learner's worker. Every promise rejects with a TrainingError and none stays open, whatever becomes of the worker. */
export function createTrainer({ endpoint, gone, terminate }: LearnerWorker): Trainer {
  const service = Comlink.wrap<LearnerService>(endpoint);
  // Not a race of each call against `gone`, which would keep every result until the worker ends.
  const waiting = new Set<(crash: Outcome<never>) => void>();
  let crashed: Outcome<never> | undefined;
  void gone.then((reason) => {
    crashed = { failure: { code: 'worker_gone', message: `The training worker is gone: ${reason}. Start it again.` } };
    for (const settle of waiting) settle(crashed);
  });

  async function call<T>(answer: Promise<Outcome<T>>): Promise<T> {
    const { promise: over, resolve } = Promise.withResolvers<Outcome<never>>();
    waiting.add(resolve);
    if (crashed) resolve(crashed);
    const outcome = await Promise.race([answer, over]);
    waiting.delete(resolve);
    if ('failure' in outcome) throw new TrainingError(outcome.failure.code, outcome.failure.message);
    return outcome.value;
  }

  return {
    prepare: ({ force } = {}) => call(service.prepare(force) as Promise<Outcome<BackendChoice>>),
    train: (request, onProgress = () => {}) =>
      call(service.train(request, Comlink.proxy(onProgress)) as Promise<Outcome<TrainingResult>>),
    evaluate: (request) => call(service.evaluate(request) as Promise<Outcome<Evaluation>>),
    predict: (request) => call(service.predict(request) as Promise<Outcome<Float32Array>>),
    cancel: () => void service.cancel(),
    dispose: terminate,
  };
}
