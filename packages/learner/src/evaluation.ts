import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy, makeBatch } from './batch.ts';
import type { Classifier, ReadTensor } from './classifier.ts';
import { type Dataset, datasetSize } from './dataset.ts';
import { TrainingError } from './training-error.ts';

export interface Evaluation {
  readonly examples: number;
  readonly correct: number;
  /** correct / examples */
  readonly accuracy: number;
  /** Mean cross entropy. */
  readonly loss: number;
  /** confusion[truth][prediction] */
  readonly confusion: number[][];
}

/** Large enough to keep the kernels busy, small enough for the activations of a convolutional model. */
const EVALUATION_BATCH = 250;

/**
 * The model's answers on a dataset. `pause` is awaited between batches; it may throw to stop.
 * @throws TrainingError `not_finite`
 */
export async function evaluate(
  classifier: Classifier,
  dataset: Dataset,
  { read, pause }: { read: ReadTensor; pause: () => Promise<void> },
): Promise<Evaluation> {
  const examples = datasetSize(dataset);
  const order = Uint32Array.from({ length: examples }, (_, i) => i);
  const confusion = Array.from({ length: classifier.classes }, () => new Array<number>(classifier.classes).fill(0));
  let lossSum = 0;
  let correct = 0;
  for (let start = 0; start < examples; start += EVALUATION_BATCH) {
    const end = Math.min(start + EVALUATION_BATCH, examples);
    // One tensor [loss, prediction…], so that a GPU is waited for once a batch.
    const answers = tf.tidy(() => {
      const { inputs, labels } = makeBatch(dataset, order, start, end);
      const logits = classifier.logits(inputs, false);
      return tf.concat([tf.reshape(crossEntropy(logits, labels), [1]), tf.cast(tf.argMax(logits, 1), 'float32')]);
    });
    const [loss, ...predictions] = await read(answers);
    answers.dispose();
    if (loss === undefined || !Number.isFinite(loss))
      throw new TrainingError(
        'not_finite',
        `The model's loss on examples ${start} to ${end - 1} is ${loss}: its weights or these inputs are too large. Check the inputs' scale, or start from an earlier model.`,
      );
    lossSum += loss * (end - start);
    predictions.forEach((prediction, i) => {
      const truth = dataset.labels[start + i]!;
      confusion[truth]![prediction]!++;
      if (truth === prediction) correct++;
    });
    await pause();
  }
  return { examples, correct, accuracy: correct / examples, loss: lossSum / examples, confusion };
}
