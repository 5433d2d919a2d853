import '@tensorflow/tfjs-backend-cpu';
import { encodeModelFile, type ModelFile } from '@sotto/protocol/model-file';
import * as tf from '@tensorflow/tfjs-core';
import { buildClassifier, type Classifier } from './classifier.ts';
import { createRandom } from './random.ts';
import { TrainingError } from './training-error.ts';

/** What a task's manifest promises of its model: shape of one example, and how many classes. */
export type ModelEnds = Pick<Classifier, 'inputShape' | 'classes'>;

/**
 * The weights a run starts from: the model's own initialisers, drawn from `seed`, on the CPU backend so that every machine gets the same.
 * An initialiser whose seed stands in the topology keeps that one.
 * @throws TrainingError `bad_model`, also when the model's ends are not those expected.
 */
export async function initialWeights(
  topology: string,
  seed: number,
  expected?: ModelEnds,
): Promise<Pick<ModelFile, 'tensors' | 'weights'>> {
  tf.enableProdMode();
  const before = tf.engine().backendName;
  await tf.setBackend('cpu');
  const classifier = await buildClassifier(topology, createRandom(seed));
  try {
    if (expected) checkEnds(classifier, expected);
    const weights = await classifier.readWeights(async (tensor) => (await tensor.data()) as Float32Array);
    return { tensors: classifier.tensors, weights };
  } finally {
    classifier.dispose();
    if (before) await tf.setBackend(before);
  }
}

/** The model file a run starts from. */
export async function initialModel(
  topology: string,
  seed: number,
  expected?: ModelEnds,
): Promise<Uint8Array<ArrayBuffer>> {
  return encodeModelFile({ topology, ...(await initialWeights(topology, seed, expected)) });
}

function checkEnds({ inputShape, classes }: ModelEnds, expected: ModelEnds): void {
  const [has, wants] = [inputShape, expected.inputShape].map((shape) => `[${shape.join(', ')}]`);
  if (has !== wants)
    throw new TrainingError(
      'bad_model',
      `The model takes examples of shape ${has}, but input.shape in task.json is ${wants}. Make them the same.`,
    );
  if (classes !== expected.classes)
    throw new TrainingError(
      'bad_model',
      `The model's last layer has ${classes} units, but classes in task.json lists ${expected.classes}. Make them as many.`,
    );
}
