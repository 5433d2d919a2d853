import '@tensorflow/tfjs-backend-cpu';
import { encodeModelFile, type ModelFile } from '@sotto/protocol/model-file';
import * as tf from '@tensorflow/tfjs-core';
import { buildClassifier } from './classifier.ts';
import { createRandom } from './random.ts';

/**
 * The weights a run starts from: the model's own initialisers, drawn from `seed`, on the CPU backend so that every machine gets the same.
 * An initialiser whose seed stands in the topology keeps that one.
 * @throws TrainingError `bad_model`
 */
export async function initialWeights(topology: string, seed: number): Promise<Pick<ModelFile, 'tensors' | 'weights'>> {
  tf.enableProdMode();
  const before = tf.engine().backendName;
  await tf.setBackend('cpu');
  const classifier = await buildClassifier(topology, createRandom(seed));
  try {
    const weights = await classifier.readWeights(async (tensor) => (await tensor.data()) as Float32Array);
    return { tensors: classifier.tensors, weights };
  } finally {
    classifier.dispose();
    if (before) await tf.setBackend(before);
  }
}

/** The model file a run starts from. */
export async function initialModel(topology: string, seed: number): Promise<Uint8Array<ArrayBuffer>> {
  return encodeModelFile({ topology, ...(await initialWeights(topology, seed)) });
}
