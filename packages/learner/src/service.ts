import { decodeModelFile } from '@sotto/protocol/model-file';
import { isRejection } from '@sotto/protocol/rejection';
import type { Training } from '@sotto/protocol/training';
import * as tf from '@tensorflow/tfjs-core';
import { type Backend, type BackendName, chooseBackend, type PreparedBackend } from './backend.ts';
import { canaryFault, runCanary } from './canary.ts';
import { buildClassifier, type Classifier, fitsModel, type ReadTensor } from './classifier.ts';
import { type Dataset, datasetFault, datasetSize } from './dataset.ts';
import { type Evaluation, evaluate } from './evaluation.ts';
import { describeGpu, whenGpuLost } from './gpu.ts';
import { predict } from './prediction.ts';
import { createRandom } from './random.ts';
import { type TrainingProgress, type TrainingResult, train } from './training.ts';
import { messageOf, TrainingError, type TrainingErrorCode } from './training-error.ts';

export interface TrainRequest extends Training {
  /** Model file with the global weights. */
  readonly model: Uint8Array;
  readonly dataset: Dataset;
  /** Examples to check the model on while it learns; they change nothing of what is learned. */
  readonly validation?: Dataset | null;
  /** Fixes the data order and dropout. */
  readonly seed: number;
}

export interface EvaluateRequest {
  readonly model: Uint8Array;
  readonly dataset: Dataset;
}

/** The labels are not looked at, but must be there. */
export type PredictRequest = EvaluateRequest;

export interface PrepareOptions {
  /** Tries this one alone. */
  readonly force?: string;
  /** An earlier choice: taken over after a short try if this is still the same machine. */
  readonly remembered?: PreparedBackend;
  /** Not to be tried. */
  readonly avoid?: readonly string[];
}

/** What crosses the worker's border: errors as values, so that their codes survive the crossing. */
export type Outcome<T> =
  | { readonly value: T }
  | { readonly failure: { readonly code: TrainingErrorCode; readonly message: string } };

/** The learner inside its worker. Jobs run one after another. */
export interface LearnerService {
  /** Chooses the backend for the jobs after it. */
  prepare(options?: PrepareOptions): Promise<Outcome<PreparedBackend>>;
  train(request: TrainRequest, onProgress: (progress: TrainingProgress) => void): Promise<Outcome<TrainingResult>>;
  evaluate(request: EvaluateRequest): Promise<Outcome<Evaluation>>;
  predict(request: PredictRequest): Promise<Outcome<Float32Array<ArrayBuffer>>>;
  /** Stops the running job and forgets the waiting ones; each ends with `cancelled`. */
  cancel(): void;
}

/** The GPU went away, or this backend lacks a kernel: the job may still succeed, elsewhere. */
class BackendFailure extends Error {
  override readonly name = 'BackendFailure';
}

const MISSING_KERNEL = /not registered for backend/;
const GPU_GONE = /context lost|device (is )?lost/i;
const OUT_OF_MEMORY = /out of memory|allocation failed|enlarge memory|memory\.grow|\(OOM\)/i;

/** Between two looks at the message queue. A worker that never pauses cannot be cancelled. */
const TURN_MS = 100;
/** No batch takes this long; a read that does waits for a GPU that will not come back. */
const READ_CAP_MS = 30_000;

/** A graphics driver that does not even say its name by then will not be the fastest. */
const GPU_CAP_MS = 2000;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** @param available  in the order they are tried; the first job chooses unless `prepare` was called before. */
export function createService(available: readonly Backend[]): LearnerService {
  tf.enableProdMode();
  let choice: Promise<PreparedBackend> | undefined;
  let current: BackendName | undefined;
  let failedHere = 0;
  let lost: Promise<never> = new Promise(() => {});
  let cached: { topology: string; classifier: Classifier } | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let cancellations = 0;

  const read: ReadTensor = async (tensor) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stuck = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new BackendFailure(`${current} did not answer`)), READ_CAP_MS);
    });
    try {
      return (await Promise.race([tensor.data(), lost, stuck])) as Float32Array;
    } finally {
      clearTimeout(timer);
    }
  };

  function watchGpu(): void {
    lost = new Promise((_, fail) => whenGpuLost(() => fail(new BackendFailure(`${current} lost its GPU`))));
    lost.catch(() => {});
  }

  async function canary() {
    const { losses, ms } = await runCanary(() => performance.now());
    return { ms, fault: canaryFault(losses) };
  }

  async function choose({ force, remembered, avoid = [] }: PrepareOptions = {}): Promise<PreparedBackend> {
    const gpu = await Promise.race([
      describeGpu().catch(() => 'unknown GPU'),
      sleep(GPU_CAP_MS).then(() => 'slow GPU'),
    ]);
    const machine = `${navigator.userAgent}; ${gpu}; TF.js ${tf.version_core}`;
    const candidates = available.filter(({ name }) => !avoid.includes(name));
    const fresh = async () => ({
      ...(await chooseBackend({ available: candidates, canary, sleep }, force)),
      machine,
      remembered: false,
    });
    const again = async () => {
      const same = candidates.filter(({ name }) => name === remembered?.backend);
      if (force !== undefined || remembered?.machine !== machine || same.length === 0) return undefined;
      await chooseBackend({ available: same, canary, sleep });
      return { ...remembered, remembered: true };
    };
    const chosen = (await again().catch(() => undefined)) ?? (await fresh());
    if (chosen.backend !== current) forgetModel();
    current = chosen.backend;
    failedHere = 0;
    watchGpu();
    return chosen;
  }

  function forgetModel(): void {
    try {
      cached?.classifier.dispose();
    } catch {
      // The tensors of a lost GPU cannot be freed any more; they went with it.
    }
    cached = undefined;
  }

  /** The same backend once more, for a lost context can come back; after that the next that can be started. */
  async function recover(failure: BackendFailure): Promise<void> {
    forgetModel();
    failedHere += 1;
    const at = available.findIndex(({ name }) => name === current);
    const again = failedHere === 1 && !MISSING_KERNEL.test(failure.message);
    if (current !== undefined) {
      const factory = tf.findBackendFactory(current);
      tf.removeBackend(current);
      tf.registerBackend(current, factory);
    }
    for (const next of available.slice(again ? at : at + 1)) {
      try {
        await next.activate();
      } catch {
        continue;
      }
      if (next.name !== current) failedHere = 0;
      current = next.name;
      watchGpu();
      return;
    }
    throw new TrainingError(
      'no_backend',
      `${failure.message}, and no other backend is left. Reload the page or use another device.`,
    );
  }

  async function modelOf(bytes: Uint8Array): Promise<{ classifier: Classifier; weights: Float32Array }> {
    const file = decodeModelFile(bytes);
    if (isRejection(file)) throw new TrainingError('bad_model', `${file.message} Download the model again.`);
    if (cached?.topology !== file.topology) {
      forgetModel();
      cached = { topology: file.topology, classifier: await buildClassifier(file.topology, createRandom(0)) };
    }
    const { classifier } = cached!;
    if (!fitsModel(classifier, file.tensors))
      throw new TrainingError(
        'bad_model',
        "The model file's tensors are not those of its topology. Export the model again.",
      );
    return { classifier, weights: file.weights };
  }

  function check(dataset: Dataset, classifier: Classifier): void {
    const fault = datasetFault(dataset, classifier.classes);
    if (fault !== undefined) throw new TrainingError('bad_dataset', `The data do not fit the model: ${fault}.`);
    if (datasetSize(dataset) === 0)
      throw new TrainingError('bad_dataset', 'There are no examples. Add some and try again.');
    if (dataset.shape.join() !== classifier.inputShape.join())
      throw new TrainingError(
        'bad_dataset',
        `Examples have shape [${dataset.shape.join(', ')}], the model takes [${classifier.inputShape.join(', ')}].`,
      );
  }

  /** Runs a job after those before it, again on another backend where one fails, and turns what it throws into a value. */
  function enqueue<T>(job: (pause: () => Promise<boolean>) => Promise<T>): Promise<Outcome<T>> {
    const asked = cancellations;
    let turn = performance.now();
    const pause = async () => {
      if (performance.now() - turn < TURN_MS) return false;
      await sleep(0);
      turn = performance.now();
      if (cancellations !== asked) throw new TrainingError('cancelled', 'Training was cancelled.');
      return true;
    };
    const run = async () => {
      if (cancellations !== asked) throw new TrainingError('cancelled', 'Training was cancelled before it began.');
      choice ??= choose();
      await choice;
      if (current !== undefined && tf.getBackend() !== current) await tf.setBackend(current);
      for (;;) {
        try {
          return await job(pause);
        } catch (error) {
          const failure = asBackendFailure(error);
          if (failure === undefined) throw error;
          await recover(failure);
        }
      }
    };
    const outcome = queue.then(run).then((value) => ({ value }), describeFailure);
    queue = outcome;
    return outcome;
  }

  return {
    prepare(options) {
      const outcome = queue.then(async () => {
        try {
          choice = choose(options);
          return { value: await choice };
        } catch (error) {
          choice = undefined;
          return describeFailure(error);
        }
      });
      queue = outcome;
      return outcome;
    },
    train: (request, onProgress) =>
      enqueue(async (pause) => {
        const { classifier, weights } = await modelOf(request.model);
        const { dataset, validation = null } = request;
        for (const part of [dataset, validation]) if (part !== null) check(part, classifier);
        const now = () => performance.now();
        return train(classifier, weights, { dataset, validation }, request, { read, pause, onProgress, now });
      }),
    evaluate: ({ model, dataset }) =>
      enqueue(async (pause) => {
        const { classifier, weights } = await modelOf(model);
        check(dataset, classifier);
        classifier.setWeights(weights);
        return evaluate(classifier, dataset, { read, pause: async () => void (await pause()) });
      }),
    predict: ({ model, dataset }) =>
      enqueue(async (pause) => {
        const { classifier, weights } = await modelOf(model);
        check(dataset, classifier);
        classifier.setWeights(weights);
        return predict(classifier, dataset, { read, pause });
      }),
    cancel() {
      cancellations += 1;
    },
  };
}

function asBackendFailure(error: unknown): BackendFailure | undefined {
  if (error instanceof BackendFailure) return error;
  const message = messageOf(error);
  return MISSING_KERNEL.test(message) || GPU_GONE.test(message) ? new BackendFailure(message) : undefined;
}

function describeFailure(error: unknown): Outcome<never> {
  if (error instanceof TrainingError) return { failure: { code: error.code, message: error.message } };
  return OUT_OF_MEMORY.test(messageOf(error))
    ? {
        failure: {
          code: 'out_of_memory',
          message: `This device has too little memory to learn from so many examples (${messageOf(error)}). Close other tabs, or use fewer.`,
        },
      }
    : { failure: { code: 'failed', message: `TF.js failed: ${messageOf(error)}` } };
}
