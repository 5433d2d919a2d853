import type { ModelFile } from '@sotto/protocol/model-file';
import { sizeOf } from '@sotto/protocol/safetensors';
import * as tf from '@tensorflow/tfjs-core';
import { quoted, refusal } from './json.ts';
import type { WeightGroup, WeightSpec } from './manifest.ts';

export interface NamedWeights {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * The weights in the files beside a model.json, float32 whatever they are written in.
 * @param shards  by the path that the manifest says
 * @throws TrainingError `bad_model` where a file is missing, or does not hold what the manifest says
 */
export function readWeights(groups: readonly WeightGroup[], shards: ReadonlyMap<string, Uint8Array>): NamedWeights[] {
  return groups.flatMap(({ paths, weights }) => {
    const parts = paths.map((path) => {
      const shard = shards.get(path);
      if (!shard)
        throw refusal(`The model’s weights are in ${quoted(path)}, which is missing. Add it together with model.json.`);
      return shard;
    });
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    const wanted = weights.reduce((sum, spec) => sum + bytesOf(spec), 0);
    if (wanted !== bytes.length)
      throw refusal(
        `${paths.map(quoted).join(', ')} should hold ${wanted} bytes of weights and hold ${bytes.length}. Export or copy the model again.`,
      );
    const decoded = tf.io.decodeWeights(bytes.buffer, weights as tf.io.WeightsManifestEntry[]);
    try {
      return weights.map(({ name, shape }) => ({ name, shape, values: Float32Array.from(decoded[name]!.dataSync()) }));
    } finally {
      tf.dispose(decoded);
    }
  });
}

function bytesOf({ shape, dtype, quantization }: WeightSpec): number {
  const each = { uint8: 1, bool: 1, uint16: 2, float16: 2, float32: 4, int32: 4 }[quantization?.dtype ?? dtype];
  return sizeOf(shape) * each;
}

/**
 * The weights of a model's tensors, found by name: as they are called; else by the layer's name and their own, which Keras 3 writes behind
 * the names of models; else, where a layer calls its weights otherwise, by their order in it. Those that are fresh, such as a new head's,
 * keep what they have.
 * @throws TrainingError `bad_model` where one is missing or has another shape
 */
export function fitWeights(
  tensors: ModelFile['tensors'],
  own: Float32Array,
  found: readonly NamedWeights[],
  isFresh: (name: string) => boolean,
): Float32Array<ArrayBuffer> {
  const match = matcher(tensors, found);
  const result = new Float32Array(own);
  let at = 0;
  for (const { name, shape } of tensors) {
    const weights = isFresh(name) ? undefined : match(name);
    if (weights && weights.shape.join() !== shape.join())
      throw refusal(
        `The weights ${quoted(name)} have shape [${weights.shape.join(', ')}], the model wants [${shape.join(', ')}]. Export the model with its weights again.`,
      );
    if (weights) result.set(weights.values, at);
    else if (!isFresh(name))
      throw refusal(`The files hold no weights for ${quoted(name)}. Export the model with its weights again.`);
    at += sizeOf(shape);
  }
  const bad = result.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1)
    throw refusal(`Weight ${bad} of the model is not a finite number. Export it again from a model that works.`);
  return result;
}

function matcher(
  tensors: ModelFile['tensors'],
  found: readonly NamedWeights[],
): (name: string) => NamedWeights | undefined {
  const parts = (name: string) => name.replace(/:0$/, '').split('/');
  const ownName = (name: string) => parts(name).at(-1)!;
  const byName = new Map(found.map((one) => [one.name, one]));
  const layers = Map.groupBy(
    tensors.map(({ name }) => name),
    (name) => parts(name)[0]!,
  );
  return (name) => {
    const layer = parts(name)[0]!;
    const named = found.filter((one) => parts(one.name).slice(0, -1).includes(layer));
    const same = named.filter((one) => ownName(one.name) === ownName(name));
    if (byName.has(name)) return byName.get(name);
    if (same.length === 1) return same[0];
    const isCalled = (other: string) => named.some((one) => ownName(one.name) === ownName(other));
    const rest = layers.get(layer)!.filter((other) => !isCalled(other));
    const others = named.filter((one) => !layers.get(layer)!.some((other) => ownName(other) === ownName(one.name)));
    return rest.length === others.length ? others[rest.indexOf(name)] : undefined;
  };
}
