import { encodeModelFile } from '@sotto/protocol/model-file';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialModel, initialWeights } from '../src/architecture.ts';
import type { Backend } from '../src/backend.ts';
import type { Dataset } from '../src/dataset.ts';
import { createService, type LearnerService, type TrainRequest } from '../src/service.ts';
import { nodeBackends } from '../src/worker/backends.node.ts';
import { CONVOLUTION, DENSE, DEPTHWISE, denseModel, separable } from './samples.ts';

const dataset = separable(60, [4]);
const request = (model: Uint8Array, changes: Partial<TrainRequest> = {}): TrainRequest => ({
  model,
  dataset,
  optimizer: { name: 'sgd', learningRate: 0.1, momentum: 0.9 },
  epochs: 2,
  batchSize: 16,
  seed: 5,
  ...changes,
});
const ignore = () => {};

describe('the learner service', () => {
  let service: LearnerService;
  let model: Uint8Array;
  beforeAll(async () => {
    service = createService(nodeBackends);
    model = await denseModel();
  });

  it('holds as many tensors after ten jobs as after one', async () => {
    await service.train(request(model), ignore);
    const { numTensors } = tf.memory();
    for (let i = 0; i < 9; i++) {
      const optimizer = i % 2 ? request(model).optimizer : ({ name: 'adam', learningRate: 0.01 } as const);
      expect(await service.train(request(model, { optimizer }), ignore)).toHaveProperty('value');
      expect(await service.evaluate({ model, dataset })).toHaveProperty('value');
    }
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('frees the old model when another architecture arrives', async () => {
    await service.train(request(model), ignore);
    const { numTensors } = tf.memory();
    await service.train(request(await initialModel(CONVOLUTION, 1), { dataset: separable(30, [6, 6, 1]) }), ignore);
    await service.train(request(model), ignore);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('leaves nothing behind when training fails', async () => {
    await service.train(request(model), ignore);
    const { numTensors } = tf.memory();
    await service.train(request(model, { optimizer: { name: 'sgd', learningRate: 1e30 } }), ignore);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('says that training diverged, where, and to lower the learning rate', async () => {
    const outcome = await service.train(request(model, { optimizer: { name: 'sgd', learningRate: 1e30 } }), ignore);
    expect(outcome).toMatchObject({
      failure: { code: 'not_finite', message: expect.stringContaining('Lower the learning rate') },
    });
  });

  const broken: [string, Partial<Dataset>, string][] = [
    [
      'NaN among the inputs',
      { inputs: dataset.inputs.map((x, i) => (i === 9 ? Number.NaN : x)) },
      'input 1 of example 2 is NaN',
    ],
    [
      'a label outside the classes',
      { labels: dataset.labels.map((l, i) => (i === 4 ? 3 : l)) },
      'example 4 has label 3',
    ],
    ['too few inputs', { inputs: dataset.inputs.slice(1) }, '60 labels need 240 input numbers'],
    ['another shape', { shape: [2, 2] }, 'Examples have shape [2, 2], the model takes [4]'],
    ['no example', { inputs: new Float32Array(), labels: new Int32Array() }, 'There are no examples'],
    ['a scale of zero', { scale: 0 }, 'the scale is 0'],
  ];
  it.each(broken)('refuses %s before touching TF.js', async (_, change, message) => {
    const outcome = await service.train(request(model, { dataset: { ...dataset, ...change } }), ignore);
    expect(outcome).toMatchObject({ failure: { code: 'bad_dataset', message: expect.stringContaining(message) } });
  });

  it('refuses weights that overflow, in evaluation too', async () => {
    const { tensors, weights } = await initialWeights(DENSE, 1);
    const huge = encodeModelFile({ topology: DENSE, tensors, weights: weights.map(() => 3e38) });
    expect(await service.evaluate({ model: huge, dataset })).toMatchObject({ failure: { code: 'not_finite' } });
  });

  it('refuses a file that is no model, and tensors that are not the topology’s', async () => {
    const { tensors, weights } = await initialWeights(DENSE, 1);
    const swapped = encodeModelFile({ topology: DENSE, tensors: [...tensors].reverse(), weights });
    for (const bytes of [model.slice(0, -1), swapped, new Uint8Array()])
      expect(await service.evaluate({ model: bytes, dataset })).toMatchObject({ failure: { code: 'bad_model' } });
  });

  it('cancels the running job and the waiting ones, and then works again', async () => {
    const endless = request(model, { epochs: 100_000 });
    const running = service.train(endless, () => service.cancel());
    const waiting = service.train(endless, ignore);
    expect(await running).toMatchObject({ failure: { code: 'cancelled' } });
    expect(await waiting).toMatchObject({ failure: { code: 'cancelled' } });
    expect(await service.train(request(model), ignore)).toHaveProperty('value');
  });

  it('moves to the next backend that starts for a kernel that this one lacks, and computes the same there from the start', async () => {
    const depthwise = await initialModel(DEPTHWISE, 1);
    const images = request(depthwise, { dataset: separable(30, [6, 6, 1]) });
    const there = createService(nodeBackends.filter(({ name }) => name === 'cpu'));
    const expected = await there.train(images, ignore);
    const [wasm, cpu] = nodeBackends;
    const broken: Backend = {
      name: 'webgl',
      fault: async () => undefined,
      activate: () => Promise.reject(new Error('no')),
    };
    const moving = createService([wasm!, broken, cpu!]);
    await moving.prepare({ force: 'wasm' });
    const outcome = await moving.train(images, ignore);
    expect(tf.getBackend()).toBe('cpu');
    expect(outcome).toEqual(expected);
    expect(outcome).toHaveProperty('value');
  });
});
