import '@tensorflow/tfjs-backend-cpu';
import { encodeModelFile } from '@sotto/protocol/model-file';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONVOLUTION, DENSE, separable } from '../../test/samples.ts';
import { initialWeights } from '../architecture.ts';
import { makeBatch } from '../batch.ts';
import { buildClassifier } from '../classifier.ts';
import { createRandom } from '../random.ts';
import { exportTfjs, outputOf, type TfjsModel } from './tfjs.ts';

/** Loads it as `tf.loadLayersModel` does from files, and asks it. */
async function predictionsOf({ json, weights }: TfjsModel, inputs: tf.Tensor): Promise<ArrayLike<number>> {
  const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(json);
  const model = await layers.loadLayersModel({
    load: async () => ({
      modelTopology,
      weightSpecs: weightsManifest[0].weights,
      weightData: weights.buffer,
      userDefinedMetadata,
    }),
  });
  return (model.predict(inputs) as tf.Tensor).data();
}

const LOGITS = DENSE.replace('"softmax"', '"linear"');
const WRAPPED = JSON.stringify({ format: 'layers-model', modelTopology: JSON.parse(CONVOLUTION), weightsManifest: [] });

describe('a model in TF.js’s own format', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each([
    ['dense, with a dropout', DENSE, [4], 'probabilities'],
    ['convolutional', CONVOLUTION, [6, 6, 1], 'probabilities'],
    ['given as a whole model.json', WRAPPED, [6, 6, 1], 'probabilities'],
    ['that ends in logits', LOGITS, [4], 'logits'],
  ] as const)('loads and gives the same probabilities: %s', async (_, topology, shape, output) => {
    const { tensors, weights } = await initialWeights(topology, 3);
    const file = encodeModelFile({ topology, tensors, weights });
    expect(outputOf(file)).toBe(output);

    const classifier = await buildClassifier(topology, createRandom(0));
    classifier.setWeights(weights);
    const { inputs } = makeBatch(separable(5, shape), [0, 1, 2, 3, 4], 0, 5);
    const logits = classifier.logits(inputs, false);
    const expected = await (output === 'logits' ? logits : tf.softmax(logits)).data();
    const given = await predictionsOf(exportTfjs(file, {}), inputs);
    expect(given).toHaveLength(15);
    for (let i = 0; i < 15; i++) expect(given[i]).toBeCloseTo(expected[i]!, 6);
  });

  it('carries what is said about it', async () => {
    const model = encodeModelFile({ topology: DENSE, ...(await initialWeights(DENSE, 3)) });
    const metadata = { task: 'flowers', classes: ['a', 'b', 'c'] };
    expect(JSON.parse(exportTfjs(model, metadata).json).userDefinedMetadata).toEqual(metadata);
  });

  it('is refused for what is no model file', () => {
    expect(() => exportTfjs(new Uint8Array(20), {})).toThrow(/Not a Sotto model file/);
  });
});
