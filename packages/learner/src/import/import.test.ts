import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import { fromBase64 } from '@sotto/protocol/base64';
import { decodeModelFile, type ModelFile } from '@sotto/protocol/model-file';
import { sizeOf } from '@sotto/protocol/safetensors';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildClassifier } from '../classifier.ts';
import { createRandom } from '../random.ts';
import { featureLayers, suggestFeatures } from './head.ts';
import { LAYERS } from './layer.ts';
import { inputSides, readModelJson } from './model-json.ts';
import { type BuiltModel, buildModel, buildWithHead, type Shards } from './workshop.ts';

interface Export {
  /** What Keras' own `to_json()` gave. */
  readonly json: object;
  /** model.json of TF.js's converter, its one shard, and what Keras answered to `inputs`. */
  readonly converted: object;
  readonly weights: string;
  readonly answers: number[][];
}

/** Made once by Keras 2 and 3 and TF.js's converter: scripts/vectors/keras_exports.py. */
const EXPORTS: Readonly<Record<string, Export>> = JSON.parse(
  readFileSync(new URL('../../vectors/keras-exports.json', import.meta.url), 'utf8'),
);
const WHOLE = ['keras2/seq', 'keras2/fun', 'keras2/nested', 'keras3/seq', 'keras3/fun', 'keras3/nested'];
const ENDS = { inputShape: [6, 6, 1], classes: 3 };

const read = (model: object, ...more: [(readonly number[])?]) => readModelJson(JSON.stringify(model), ...more);
const shardsOf = (name: string): Shards => ({
  groups: read(EXPORTS[name]!.converted).weights!,
  files: new Map([['group1-shard1of1.bin', fromBase64(EXPORTS[name]!.weights)!]]),
});

async function answersOf({ topology, file }: BuiltModel): Promise<number[][]> {
  const classifier = await buildClassifier(topology, createRandom(0));
  classifier.setWeights((decodeModelFile(file) as ModelFile).weights);
  const inputs = tf.tensor(
    Float32Array.from({ length: 72 }, (_, i) => -1 + (2 * i) / 71),
    [2, 6, 6, 1],
  );
  return tf.softmax(classifier.logits(inputs, false)).array() as Promise<number[][]>;
}

function byName({ file }: BuiltModel): Record<string, Float32Array> {
  const { tensors, weights } = decodeModelFile(file) as ModelFile;
  let at = 0;
  return Object.fromEntries(
    tensors.map(({ name, shape }) => {
      const start = at;
      at += sizeOf(shape);
      return [name, weights.slice(start, at)];
    }),
  );
}

function expectClose(given: number[][], wanted: number[][]): void {
  for (const [i, row] of wanted.entries())
    for (const [j, value] of row.entries()) expect(given[i]![j]).toBeCloseTo(value, 5);
}

describe('a model made with Keras', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(WHOLE)('answers here as it did there, converted with its weights: %s', async (name) => {
    const { model } = read(EXPORTS[name]!.converted);
    const built = await buildModel(JSON.stringify(model), ENDS, shardsOf(name));
    expectClose(await answersOf(built), EXPORTS[name]!.answers);
  });

  it.each(WHOLE)('is the same model where only its description was saved: %s', async (name) => {
    const { model, weights } = read(EXPORTS[name]!.json);
    expect(weights).toBeNull();
    const built = await buildModel(JSON.stringify(model), ENDS, shardsOf(name));
    expectClose(await answersOf(built), EXPORTS[name]!.answers);
  });

  it('begins with weights of its own where none come with it', async () => {
    const topology = JSON.stringify(read(EXPORTS['keras3/seq']!.json).model);
    const one = await buildModel(topology, ENDS);
    expect(one.file).toEqual((await buildModel(topology, ENDS)).file);
    expect(one.parameters).toBe(109);
  });

  it('is given as plain TF.js, without what only Keras 3 writes', () => {
    const { model, changes } = read(EXPORTS['keras3/fun']!.json);
    expect(JSON.stringify(model)).not.toMatch(/module|registered_name|batch_shape|DTypePolicy|keras_tensor|silu/);
    expect(changes).toEqual([expect.stringMatching(/Keras 3/)]);
    expect(read(EXPORTS['keras2/fun']!.converted).changes).toEqual([]);
    // What TF.js itself saves, and what has been read before, is left as it is.
    expect(read(model).model).toEqual(model);
  });

  it('learns all of its weights, and says so where some were frozen', () => {
    const { model, changes } = read(EXPORTS['keras3/nested']!.json);
    expect(changes.join()).toMatch(/layers that were frozen learn, too/);
    expect(JSON.stringify(model)).not.toContain('trainable');
  });

  it('loses what a layer only inherited, and TF.js will not have', async () => {
    const { model } = read(
      changed({ activation: 'softmax' }, { class_name: 'SeparableConv2D', config: { kernel_initializer: null } }),
    );
    expect(model.config.layers[1]!.config).not.toHaveProperty('kernel_initializer');
    expect(model.config.layers[1]!.config).toHaveProperty('kernel_size');
  });

  it.each([
    ['keras2/lam', /Layer “lambda” is a Lambda: it is Python code/],
    ['keras3/lam', /Layer “lambda” is a Lambda: it is Python code/],
    ['keras2/ops', /is a TFOpLambda: it is Python code/],
    ['keras3/ops', /Layer “multiply” is called with “2”, which is no output of another layer/],
  ])('is refused with the layer and the reason where its code is not in the file: %s', (name, reason) => {
    expect(() => read(EXPORTS[name]!.json)).toThrow(reason);
  });

  const changed = (layer: object, other: { class_name?: string; config?: object } = {}) => ({
    class_name: 'Sequential',
    config: {
      name: 'm',
      layers: [
        { class_name: 'InputLayer', config: { batch_shape: [null, 6, 6, 1], name: 'in' } },
        {
          class_name: 'Conv2D',
          ...other,
          config: { name: 'conv', filters: 2, kernel_size: [3, 3], ...layer, ...other.config },
        },
      ],
    },
  });
  it.each<[string, object, RegExp]>([
    ['groups', changed({ groups: 2 }), /“conv” \(Conv2D\) has groups = 2, which TF.js cannot do. Set it to 1/],
    ['channels first', changed({ data_format: 'channels_first' }), /Set it to "channels_last"/],
    ['an unknown activation', changed({ activation: 'leaky_relu' }), /activation “leaky_relu”/],
    [
      'an activation of one’s own',
      changed({ activation: { class_name: 'function', config: 'mine' } }),
      /activation “mine”/,
    ],
    [
      'an initialiser of one’s own',
      changed({ kernel_initializer: { class_name: 'my>Init', config: {} } }),
      /“my>Init”, which is Python code/,
    ],
    ['a graph model', { format: 'graph-model', modelTopology: { node: [] } }, /tfjs_layers_model/],
    ['a class', { class_name: 'MyModel', config: {} }, /“MyModel”, whose code is not in the file/],
    ['no layers', { class_name: 'Sequential', config: { layers: [] } }, /no layers/],
    ['no model', { hello: 1 }, /holds no model/],
    ['open sides', changed({ name: 'x' }), /^$/],
    [
      'no input',
      { class_name: 'Sequential', config: { layers: [{ class_name: 'Dense', config: { name: 'd', units: 3 } }] } },
      /does not say the shape of its input/,
    ],
    [
      'two inputs',
      {
        ...EXPORTS['keras2/fun']!.json,
        config: {
          ...(EXPORTS['keras2/fun']!.json as { config: object }).config,
          input_layers: [
            ['a', 0, 0],
            ['b', 0, 0],
          ],
        },
      },
      /has 2 inputs, and Sotto learns with exactly one/,
    ],
  ])('is refused with the reason: %s', (name, model, reason) => {
    if (name === 'open sides') {
      const open = JSON.parse(JSON.stringify(model).replace('[null,6,6,1]', '[null,null,null,1]'));
      expect(() => read(open)).toThrow(/\[\?, \?, 1\], of which sides are left open/);
      expect(inputSides(read(open, [8, 9, 1]).model)).toEqual([8, 9, 1]);
      expect(() => read(open, [8, 9, 3])).toThrow(/left open/);
    } else expect(() => read(model)).toThrow(reason);
  });

  it('is refused where its files are missing, cut or another model’s', async () => {
    const name = 'keras3/seq';
    const topology = JSON.stringify(read(EXPORTS[name]!.converted).model);
    const { groups, files } = shardsOf(name);
    const bytes = [...files.values()][0]!;
    const withFiles = (shard: Uint8Array | null) =>
      buildModel(topology, ENDS, { groups, files: new Map(shard ? [['group1-shard1of1.bin', shard]] : []) });
    await expect(withFiles(null)).rejects.toThrow(/“group1-shard1of1.bin”, which is missing/);
    await expect(withFiles(bytes.subarray(4))).rejects.toThrow(/should hold 436 bytes of weights and hold 432/);
    await expect(withFiles(new Uint8Array(bytes.length).fill(255))).rejects.toThrow(/not a finite number/);
    await expect(buildModel(topology, ENDS, shardsOf('keras3/fun'))).rejects.toThrow(/hold no weights for|have shape/);
    await expect(buildModel(topology, { ...ENDS, classes: 4 })).rejects.toThrow(/3 units/);
    expect(() => readModelJson('PK\u0003\u0004')).toThrow(/\.keras or \.h5/);
    expect(() => readModelJson('{')).toThrow(/not JSON/);
  });

  it.each(WHOLE)('lends its features to a new answer, which begin with their weights: %s', async (name) => {
    const { model } = read(EXPORTS[name]!.converted);
    const features = suggestFeatures(model);
    expect(featureLayers(model)).toContain(features);
    const built = await buildWithHead(model, features, { inputShape: [6, 6, 1], classes: 5 }, shardsOf(name));
    const classifier = await buildClassifier(built.topology, createRandom(0));
    expect(classifier.classes).toBe(5);
    classifier.dispose();
    const whole = await buildModel(JSON.stringify(model), ENDS, shardsOf(name));
    const [lent, own] = [byName(built), byName(whole)];
    for (const [tensor, weights] of Object.entries(lent))
      if (!tensor.startsWith('sotto_answer')) expect(weights, tensor).toEqual(own[tensor]);
  });

  it('may use only layers that TF.js has', () => {
    const known = tf.serialization.SerializationMap.getMap().classNameMap;
    expect([...LAYERS].filter((name) => !(name in known))).toEqual([]);
  });
});
