import type { ModelFile } from '@sotto/protocol/model-file';
import { sizeOf } from '@sotto/protocol/safetensors';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { type Random, withSeededDraws } from './random.ts';
import { withLogits } from './topology.ts';
import { messageOf, TrainingError } from './training-error.ts';

/** Brings a tensor's numbers to the CPU. A port, because on a GPU this is where a lost context would hang for ever. */
export type ReadTensor = (tensor: tf.Tensor) => Promise<Float32Array>;

/** A model on the current backend. Its tensors live until `dispose`. */
export interface Classifier {
  readonly tensors: ModelFile['tensors'];
  readonly parameters: number;
  /** Shape of one example. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly trainable: readonly tf.Variable[];
  /** [batch, …inputShape] → [batch, classes], before softmax. */
  logits(inputs: tf.Tensor, training: boolean): tf.Tensor2D;
  /** Sum of the regularisation terms; undefined when the model has none. */
  penalty(): tf.Scalar | undefined;
  setWeights(weights: Float32Array): void;
  /** All weights in model order. */
  readWeights(read: ReadTensor): Promise<Float32Array<ArrayBuffer>>;
  dispose(): void;
}

/**
 * Builds the model of a topology; what its initialisers leave to chance comes from `random`.
 * @throws TrainingError `bad_model`
 */
export async function buildClassifier(topology: string, random: Random): Promise<Classifier> {
  const json = withLogits(topology);
  let model: layers.LayersModel;
  try {
    // modelFromJSON does all its work before it first waits, hence inside the seeded scope.
    model = await withSeededDraws(random, () =>
      layers.models.modelFromJSON(json as Parameters<typeof layers.models.modelFromJSON>[0]),
    );
  } catch (cause) {
    throw new TrainingError(
      'bad_model',
      `TF.js cannot build the model: ${messageOf(cause)}. Check the task's model.json.`,
      { cause },
    );
  }
  try {
    return wrapModel(model);
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function wrapModel(model: layers.LayersModel): Classifier {
  const [input, output] = [model.inputs, model.outputs].map((ends) => (ends.length === 1 ? ends[0]?.shape : undefined));
  const inputShape = input?.slice(1).map((side) => side ?? 0);
  const classes = output?.at(-1) ?? 0;
  if (inputShape === undefined || inputShape.length === 0 || inputShape.includes(0))
    throw new TrainingError('bad_model', 'The model must have one input of fixed shape.');
  if (output?.length !== 2 || classes < 2)
    throw new TrainingError(
      'bad_model',
      `The model must have one output of shape [classes], at least 2, not [${output?.slice(1).join(', ')}].`,
    );
  const frozen = frozenLayer(model.layers);
  if (frozen !== undefined)
    throw new TrainingError(
      'bad_model',
      `Layer “${frozen}” is frozen (trainable: false). All weights of a model are learned, sealed and counted, so a frozen one would cost as much as the others and drift with the noise. Take the flag out and start from the layer's weights, or leave the layer out and learn from what it gives, as columns of a table.`,
    );
  const tensors = model.weights.map(({ originalName, shape }) => ({
    name: originalName,
    shape: shape.map((side) => side ?? 0),
  }));
  const parameters = tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return {
    tensors,
    parameters,
    inputShape,
    classes,
    trainable: model.trainableWeights.map((weight) => weight.read() as tf.Variable),
    logits: (inputs, training) => model.apply(inputs, { training }) as tf.Tensor2D,
    penalty: () => {
      const terms = model.calculateLosses();
      return terms.length === 0 ? undefined : tf.addN(terms);
    },
    setWeights(weights) {
      if (weights.length !== parameters)
        throw new TrainingError(
          'bad_model',
          `The model takes ${parameters} weights, the file holds ${weights.length}.`,
        );
      tf.tidy(() => {
        let offset = 0;
        model.setWeights(
          tensors.map(({ shape }) => {
            const end = offset + sizeOf(shape);
            const tensor = tf.tensor(weights.slice(offset, end), [...shape]);
            offset = end;
            return tensor;
          }),
        );
      });
    },
    async readWeights(read) {
      const weights = new Float32Array(parameters);
      let offset = 0;
      for (const values of await Promise.all(model.weights.map((weight) => read(weight.read())))) {
        weights.set(values, offset);
        offset += values.length;
      }
      return weights;
    },
    dispose: () => void model.dispose(),
  };
}

/** The first layer that has weights and keeps them, however deep. */
function frozenLayer(all: layers.LayersModel['layers']): string | undefined {
  for (const layer of all) {
    if (!layer.trainable && layer.weights.length > 0) return layer.name;
    const inner = 'layers' in layer ? frozenLayer(layer.layers as typeof all) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Whether the file's tensors are those of the model, by place and shape: names differ between exports. */
export function fitsModel(classifier: Classifier, tensors: ModelFile['tensors']): boolean {
  const shapes = (list: ModelFile['tensors']) => list.map(({ shape }) => shape.join('×')).join(' ');
  return shapes(classifier.tensors) === shapes(tensors);
}
