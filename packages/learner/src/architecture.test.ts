import { decodeModelFile } from '@sotto/protocol/model-file';
import { describe, expect, it } from 'vitest';
import { CONVOLUTION, DENSE } from '../test/samples.ts';
import { initialModel, initialWeights } from './architecture.ts';
import { withLogits } from './topology.ts';

describe('initial weights', () => {
  it('are drawn from the seed alone', async () => {
    const first = await initialWeights(DENSE, 1);
    expect(await initialWeights(DENSE, 1)).toEqual(first);
    expect((await initialWeights(DENSE, 2)).weights).not.toEqual(first.weights);
  });

  it('are named and shaped as the model has them, and fill the model file', async () => {
    const { tensors, weights } = await initialWeights(CONVOLUTION, 1);
    expect(tensors).toEqual([
      { name: 'conv/kernel', shape: [3, 3, 1, 3] },
      { name: 'conv/bias', shape: [3] },
      { name: 'out/kernel', shape: [48, 3] },
      { name: 'out/bias', shape: [3] },
    ]);
    expect(weights).toHaveLength(27 + 3 + 144 + 3);
    expect(decodeModelFile(await initialModel(CONVOLUTION, 1))).toEqual({ topology: CONVOLUTION, tensors, weights });
  });

  it('leave Math.random as it was', async () => {
    const { random } = Math;
    await initialWeights(DENSE, 1);
    await expect(
      initialWeights('{"class_name":"Sequential","config":{"layers":[{"class_name":"Nope","config":{}}]}}', 1),
    ).rejects.toThrow('Nope');
    expect(Math.random).toBe(random);
  });
});

describe('a topology', () => {
  const withOutput = (change: object) => {
    const model = JSON.parse(DENSE);
    Object.assign(model.config.layers.at(-1).config, change);
    return JSON.stringify(model);
  };

  it('is also taken out of a whole model.json', async () => {
    const wrapped = JSON.stringify({
      modelTopology: { model_config: JSON.parse(DENSE) },
      weightsManifest: [{ paths: ['x'], weights: [] }],
    });
    expect(await initialWeights(wrapped, 1)).toEqual(await initialWeights(DENSE, 1));
  });

  it('with a frozen layer is refused, however deep that lies; one without weights may be called what it likes', async () => {
    const model = JSON.parse(DENSE) as { config: { layers: { class_name: string; config: object }[] } };
    const [first, ...rest] = model.config.layers;
    const frozen = { ...first!, config: { ...first!.config, trainable: false } };
    const withFirst = (layer: object) =>
      JSON.stringify({ ...model, config: { ...model.config, layers: [layer, ...rest] } });
    await expect(initialWeights(withFirst(frozen), 1)).rejects.toThrow(/Layer “\w+” is frozen \(trainable: false\)/);
    const inner = { class_name: 'Sequential', config: { name: 'inner', layers: [frozen] } };
    await expect(initialWeights(withFirst(inner), 1)).rejects.toThrow(/is frozen/);
    const flatten = { class_name: 'Dropout', config: { name: 'drop', rate: 0.1, trainable: false } };
    const [last] = rest.slice(-1);
    const free = { ...model, config: { ...model.config, layers: [first, ...rest.slice(0, -1), flatten, last] } };
    expect((await initialWeights(JSON.stringify(free), 1)).weights).toEqual((await initialWeights(DENSE, 1)).weights);
  });

  it('loses its last softmax only', () => {
    const activations = (withLogits(DENSE).config as { layers: { config: { activation?: string } }[] }).layers.map(
      (l) => l.config.activation,
    );
    expect(activations).toEqual(['relu', undefined, 'linear']);
  });

  it.each([
    ['not JSON', '{', 'not JSON'],
    ['no layers', '{"class_name":"Sequential","config":{"layers":[]}}', 'has no layers'],
    ['another last activation', withOutput({ activation: 'sigmoid' }), 'ends in activation sigmoid'],
    ['one output', withOutput({ units: 1 }), 'at least 2'],
  ])('is refused with %s', async (_, topology, message) => {
    await expect(initialWeights(topology, 1)).rejects.toMatchObject({
      code: 'bad_model',
      message: expect.stringContaining(message),
    });
  });
});

describe("a model and its task's manifest", () => {
  const ends = { inputShape: [4], classes: 3 };

  it('agree on the shape of an example and the number of classes', async () => {
    expect(await initialModel(DENSE, 1, ends)).toEqual(await initialModel(DENSE, 1));
  });

  it.each([
    ['input.shape', { ...ends, inputShape: [2, 2] }, 'shape [4], but input.shape in task.json is [2, 2]'],
    ['classes', { ...ends, classes: 4 }, 'last layer has 3 units, but classes in task.json lists 4'],
  ])('that differ in %s are refused', async (_, expected, message) => {
    await expect(initialModel(DENSE, 1, expected)).rejects.toMatchObject({
      code: 'bad_model',
      message: expect.stringContaining(message),
    });
  });
});
