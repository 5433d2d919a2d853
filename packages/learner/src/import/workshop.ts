import '@tensorflow/tfjs-backend-cpu';
import { encodeModelFile } from '@sotto/protocol/model-file';
import { sizeOf } from '@sotto/protocol/safetensors';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { initialWeights, type ModelEnds } from '../architecture.ts';
import { createRandom, withSeededDraws } from '../random.ts';
import { messageOf } from '../training-error.ts';
import { cutModel, HEAD, withHead } from './head.ts';
import { refusal } from './json.ts';
import type { WeightGroup } from './manifest.ts';
import type { ImportedModel } from './model-json.ts';
import { fitWeights, readWeights } from './weights.ts';

/** The weights that come with a model. */
export interface Shards {
  readonly groups: readonly WeightGroup[];
  /** By the path that the manifest says. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface BuiltModel {
  /** TF.js layers topology, JSON. */
  readonly topology: string;
  readonly parameters: number;
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Model file: with the weights that came, or else with initial ones drawn from seed 0. */
  readonly file: Uint8Array<ArrayBuffer>;
}

/**
 * Really builds a model, on the CPU as the coordinator does.
 * @param shards  null: it starts from initial weights
 * @throws TrainingError `bad_model`
 */
export async function buildModel(topology: string, ends: ModelEnds, shards: Shards | null = null): Promise<BuiltModel> {
  return complete(topology, ends, shards, () => false);
}

/**
 * A model whose features, as far as `features`, begin with somebody's weights, and which has a new dense layer behind them.
 * @throws TrainingError `bad_model`
 */
export async function buildWithHead(
  model: ImportedModel,
  features: string,
  ends: ModelEnds,
  shards: Shards,
): Promise<BuiltModel> {
  const base = cutModel(model, features);
  const rank = (await outputShape(base)).length - 1;
  const topology = `${JSON.stringify(withHead(base, rank, ends.classes), null, 2)}\n`;
  return complete(topology, ends, shards, (name) => name.startsWith(`${HEAD.answer}/`));
}

async function complete(
  topology: string,
  ends: ModelEnds,
  shards: Shards | null,
  isFresh: (name: string) => boolean,
): Promise<BuiltModel> {
  const { tensors, weights: initial } = await initialWeights(topology, 0, ends);
  const weights = shards ? fitWeights(tensors, initial, readWeights(shards.groups, shards.files), isFresh) : initial;
  return {
    topology,
    parameters: tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    tensors,
    file: encodeModelFile({ topology, tensors, weights }),
  };
}

/** Shape of what a model gives, the batch's side included. */
async function outputShape(model: ImportedModel): Promise<readonly (number | null)[]> {
  await tf.setBackend('cpu');
  let built: layers.LayersModel;
  try {
    built = await withSeededDraws(createRandom(0), () =>
      layers.models.modelFromJSON(model as unknown as Parameters<typeof layers.models.modelFromJSON>[0]),
    );
  } catch (cause) {
    throw refusal(
      `TF.js cannot build the model as far as its features: ${messageOf(cause)}. Choose another layer, or another model.`,
    );
  }
  const { shape } = built.outputs[0]!;
  built.dispose();
  return shape;
}
