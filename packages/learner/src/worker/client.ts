import * as Comlink from 'comlink';
import type { BackendName, PreparedBackend } from '../backend.ts';
import type { Evaluation } from '../evaluation.ts';
import type { EvaluateRequest, Outcome, PredictRequest, PrepareOptions, TrainRequest } from '../service.ts';
import type { TrainingProgress, TrainingResult } from '../training.ts';
import { messageOf, TrainingError } from '../training-error.ts';
import { createDatasetPost, type DatasetPost } from './dataset-post.ts';
import type { HostedLearner } from './host.ts';

/** A worker that hosts the learner, in a browser or in Node. */
export interface LearnerWorker {
  readonly endpoint: Comlink.Endpoint;
  /** Resolves, with the reason, when the worker is gone: crashed or terminated. Never rejects. */
  readonly gone: Promise<string>;
  readonly terminate: (reason: string) => void;
}

export interface Trainer {
  /** Chooses the backend (see `chooseBackend`), after the jobs before it; without it, the first job does. */
  prepare(options?: PrepareOptions): Promise<PreparedBackend>;
  /** What `prepare` chose last; null before. */
  backend(): BackendName | null;
  /** The model is given as its file. The delta is handed over by the worker, not copied. */
  train(request: TrainRequest, onProgress?: (progress: TrainingProgress) => void): Promise<TrainingResult>;
  evaluate(request: EvaluateRequest): Promise<Evaluation>;
  /** The probability of each class for each example, [n · classes], row by row. */
  predict(request: PredictRequest): Promise<Float32Array>;
  /** Every job under way ends with `cancelled`. */
  cancel(): void;
  /** Ends the worker for good; every job under way ends with `worker_gone`. */
  dispose(): void;
}

/** How often a worker that owes something is asked whether it lives, and after how many of these without a sign it is given up. */
interface Patience {
  readonly everyMs: number;
  readonly times: number;
}

/** One batch of a large model in plain JavaScript may take a minute on a phone; nothing takes three. */
const PATIENCE: Patience = { everyMs: 10_000, times: 18 };

/** One worker, from its start to its end. */
interface Life {
  readonly service: Comlink.Remote<HostedLearner>;
  readonly terminate: (reason: string) => void;
  readonly post: DatasetPost;
  readonly waiting: Set<(crash: Outcome<never>) => void>;
  lost: Outcome<never> | null;
  /** Without a sign of life, counted in asks: neither a sleeping computer nor a frozen tab counts. */
  silent: number;
}

/**
 * The near end of a learner's worker. Every promise rejects with a TrainingError and none stays open, whatever becomes of the worker:
 * what it was doing ends with `worker_gone`, and the next call starts another, on the same backend, or on the next one once two workers
 * have died of it.
 */
export function createTrainer(spawn: () => LearnerWorker, patience: Patience = PATIENCE): Trainer {
  let disposed = false;
  let forced: string | undefined;
  let prepared: PreparedBackend | undefined;
  let crashes = 0;
  let life = start();

  function start(): Life {
    const { endpoint, gone, terminate } = spawn();
    const service = Comlink.wrap<HostedLearner>(endpoint);
    const own: Life = {
      service,
      terminate,
      post: createDatasetPost(service),
      waiting: new Set(),
      lost: null,
      silent: 0,
    };
    const clock = setInterval(() => watch(own), patience.everyMs);
    if (typeof clock === 'object') (clock as { unref(): void }).unref();
    // Not a race of each call against `gone`, which would keep every result until the worker ends.
    void gone.then((reason) => {
      clearInterval(clock);
      crashes += 1;
      own.lost = {
        failure: {
          code: 'worker_gone',
          message: `The part of this device that learns has ended: ${reason}. It starts again by itself.`,
        },
      };
      for (const settle of own.waiting) settle(own.lost);
    });
    return own;
  }

  function watch(own: Life): void {
    if (own.waiting.size === 0) own.silent = 0;
    else if (++own.silent > patience.times) own.terminate('it no longer answered');
    else void heard(own, own.service.ping());
  }

  async function heard(own: Life, sign: Promise<void>): Promise<void> {
    await sign;
    own.silent = 0;
  }

  function alive(): Life {
    if (life.lost === null || disposed) return life;
    life = start();
    if (prepared) {
      const again = crashes < 2 ? { remembered: prepared } : { avoid: [prepared.backend] };
      void life.service.prepare(forced === undefined ? again : { force: forced });
    }
    return life;
  }

  async function call<T>(ask: (own: Life) => Promise<unknown>): Promise<T> {
    const own = alive();
    const { promise: over, resolve } = Promise.withResolvers<Outcome<never>>();
    own.waiting.add(resolve);
    if (own.lost) resolve(own.lost);
    try {
      const outcome = (await Promise.race([ask(own), over])) as Outcome<T>;
      if ('failure' in outcome) throw new TrainingError(outcome.failure.code, outcome.failure.message);
      crashes = 0;
      return outcome.value;
    } catch (error) {
      if (!(error instanceof TrainingError)) throw new TrainingError('failed', messageOf(error), { cause: error });
      // What a backend could not get, it may still hold the most of: memory comes back with a new worker only.
      if (error.code === 'out_of_memory') own.terminate('it ran out of memory');
      throw error;
    } finally {
      own.waiting.delete(resolve);
    }
  }

  return {
    async prepare(options = {}) {
      prepared = await call<PreparedBackend>(({ service }) => service.prepare(options));
      forced = options.force;
      return prepared;
    },
    backend: () => prepared?.backend ?? null,
    train: ({ dataset, validation = null, ...request }, onProgress = () => {}) =>
      call((own) =>
        own.service.train(
          { ...request, dataset: own.post.refer(dataset), validation: validation && own.post.refer(validation) },
          Comlink.proxy((progress: TrainingProgress) => {
            own.silent = 0;
            onProgress(progress);
          }),
        ),
      ),
    evaluate: ({ model, dataset }) =>
      call(({ service, post }) => service.evaluate({ model, dataset: post.refer(dataset) })),
    predict: ({ model, dataset }) =>
      call(({ service, post }) => service.predict({ model, dataset: post.refer(dataset) })),
    cancel: () => void (life.lost ?? life.service.cancel()),
    dispose() {
      disposed = true;
      life.terminate('it was ended');
    },
  };
}
