import type { ModelEnds } from '@sotto/learner/architecture';
import type { Dataset } from '@sotto/learner/dataset';
import { buildInWorker } from '@sotto/learner/import/build.browser';
import type { BuildRequest } from '@sotto/learner/import/build-request';
import { suggestFeatures } from '@sotto/learner/import/head';
import { type ModelJson, readModelJson } from '@sotto/learner/import/model-json';
import type { BuiltModel } from '@sotto/learner/import/workshop';
import { createRandom } from '@sotto/learner/random';
import { messageOf } from '@sotto/learner/training-error';
import { sizeOf } from '@sotto/protocol/safetensors';
import type { TaskManifest } from '@sotto/protocol/task';
import { startOwnTrainer } from '../../participant/model/trainer-start.ts';
import { explainByVersion } from '../../pwa/new-version.ts';
import { type Draft, modelTaskOf } from './draft.ts';
import type { ModelUpload } from './draft-store.ts';
import { shippedTopology } from './manifest.ts';

/** An uploaded model.json as it was read, or why it cannot be. */
export type UploadReading = { readonly read: ModelJson } | { readonly refused: string };

/** @param shape  of one example, for models that leave sides open */
export function readUpload({ json }: ModelUpload, shape: readonly number[] | null): UploadReading {
  try {
    return { read: readModelJson(json, shape) };
  } catch (error) {
    return { refused: messageOf(error) };
  }
}

/** What is to be built for a draft; a text where that cannot be said yet, null where the task's own model stays. */
export function buildRequestOf(draft: Draft, upload: ModelUpload | null): BuildRequest | string | null {
  const { model } = draft;
  if (model.from === 'task') return null;
  const task = modelTaskOf(draft);
  if (!task)
    return 'First say what the examples are: the model depends on their shape and on how many classes there are.';
  const ends: ModelEnds = { inputShape: task.shape, classes: task.classes };
  if (model.from === 'shipped') {
    const topology = shippedTopology(draft);
    return topology ? { topology: topology.json, ends, shards: null } : 'Choose a model that suits the examples.';
  }
  if (!upload) return 'Choose a model.json.';
  const reading = readUpload(upload, task.shape);
  if ('refused' in reading) return reading.refused;
  const { read } = reading;
  const shards = read.weights && { groups: read.weights, files: upload.shards };
  if (model.use === 'features') {
    if (!shards) return 'Features need the weights that were learned: add the files beside model.json, too.';
    return { model: read.model, features: model.features || suggestFeatures(read.model), ends, shards };
  }
  const topology = `${JSON.stringify(read.model, null, 2)}\n`;
  return { topology, ends, shards: model.weights ? shards : null };
}

/** Whether a built model begins with weights of its own rather than with what its initialisers draw. */
export function bringsWeights(request: BuildRequest): boolean {
  return request.shards !== null;
}

export interface Batch {
  readonly loss: number;
  readonly ms: number;
  readonly backend: string;
}

/** Builds the model in a Worker. @throws TrainingError */
export function build(request: BuildRequest, signal: AbortSignal): Promise<BuiltModel> {
  return explainByVersion(() => buildInWorker(request, signal));
}

/** Learns from one batch of made-up examples, in the learner's own Worker, as a device would. @throws TrainingError */
export async function runBatch(
  { file }: BuiltModel,
  { kind, training, classes, input }: Pick<TaskManifest, 'kind' | 'training' | 'classes' | 'input'>,
  signal: AbortSignal,
): Promise<Batch> {
  const trainer = await explainByVersion(() => startOwnTrainer(null));
  const end = () => trainer.dispose();
  signal.addEventListener('abort', end);
  try {
    const { backend } = await trainer.prepare();
    const dataset = madeUp(kind, input.shape, classes.length, Math.min(training.batchSize, MOST_MADE_UP));
    // The first batch also makes ready whatever the backend compiles.
    await trainer.train({ model: file, dataset, ...training, epochs: 1, seed: 0 });
    const began = performance.now();
    const { finalLoss } = await trainer.train({ model: file, dataset, ...training, epochs: 1, seed: 0 });
    return { loss: finalLoss, ms: performance.now() - began, backend };
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

const MOST_MADE_UP = 256;

/** Noise in the form of a task's examples. */
function madeUp(kind: TaskManifest['kind'], shape: readonly number[], classes: number, size: number): Dataset {
  const random = createRandom(1);
  const numbers = size * sizeOf(shape);
  const inputs =
    kind === 'table'
      ? Float32Array.from({ length: numbers }, () => 2 * random() - 1)
      : Uint8Array.from({ length: numbers }, () => (kind === 'image' ? 256 * random() : random() < 0.01 ? 1 : 0));
  return {
    inputs,
    shape,
    scale: kind === 'image' ? 1 / 255 : 1,
    labels: Int32Array.from({ length: size }, (_, i) => i % classes),
  };
}
