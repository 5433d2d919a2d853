import { sizeOf } from '@sotto/protocol/safetensors';
import * as tf from '@tensorflow/tfjs-core';
import type { Dataset } from './dataset.ts';

export interface Batch {
  /** [size, …shape], scaled. */
  readonly inputs: tf.Tensor;
  /** [size] */
  readonly labels: tf.Tensor1D;
  readonly size: number;
}

/** Examples `order[start] … order[end − 1]` as tensors on the current backend, which the caller disposes. */
export function makeBatch(dataset: Dataset, order: ArrayLike<number>, start: number, end: number): Batch {
  const size = end - start;
  const width = sizeOf(dataset.shape);
  const values = new Float32Array(size * width);
  const labels = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const example = order[start + i]!;
    const from = example * width;
    for (let j = 0; j < width; j++) values[i * width + j] = dataset.inputs[from + j]! * dataset.scale;
    labels[i] = dataset.labels[example]!;
  }
  return { inputs: tf.tensor(values, [size, ...dataset.shape]), labels: tf.tensor1d(labels, 'int32'), size };
}

/** Mean cross entropy −log softmax(logits)[label] over the batch. */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return tf.losses.softmaxCrossEntropy(tf.oneHot(labels, logits.shape[1]), logits) as tf.Scalar;
}

/** How many of the batch have their label as the largest logit; ties go to the lower class. */
export function countCorrect(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32')) as tf.Scalar;
}
