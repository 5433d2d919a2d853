import { sizeOf } from '@sotto/protocol/safetensors';
import * as tf from '@tensorflow/tfjs-core';
import { makeBatch } from './batch.ts';
import type { Classifier, ReadTensor } from './classifier.ts';
import { type Dataset, datasetSize } from './dataset.ts';
import { TrainingError } from './training-error.ts';

const BATCH = 250;

/**
 * softmax(logits) of each example: [n · classes], row by row.
 * @throws TrainingError `not_finite`, and whatever `pause` throws
 */
export async function predict(
  classifier: Classifier,
  dataset: Dataset,
  { read, pause }: { read: ReadTensor; pause: () => Promise<unknown> },
): Promise<Float32Array<ArrayBuffer>> {
  const examples = datasetSize(dataset);
  const order = Uint32Array.from({ length: examples }, (_, i) => i);
  const answers = new Float32Array(examples * classifier.classes);
  for (let start = 0; start < examples; start += BATCH) {
    const end = Math.min(start + BATCH, examples);
    const shares = tf.tidy(() => {
      const { inputs } = makeBatch(dataset, order, start, end);
      return tf.softmax(classifier.logits(inputs, false));
    });
    answers.set(await read(shares), start * classifier.classes);
    shares.dispose();
    await pause();
  }
  const odd = answers.findIndex((share) => !Number.isFinite(share));
  if (odd !== -1)
    throw new TrainingError(
      'not_finite',
      `The model's answer to example ${Math.floor(odd / classifier.classes)} is not a number: its ${sizeOf(dataset.shape)} inputs or the model's weights are too large.`,
    );
  return answers;
}
