import { describe, expect, it } from 'vitest';
import { initialWeights } from '../architecture.ts';
import {
  ARCHITECTURES,
  type ArchitectureChoice,
  buildArchitecture,
  type ModelTask,
  suggestArchitecture,
  unfitness,
} from './catalogue.ts';

const images = (height: number, width: number, channels: number, classes = 10): ModelTask => ({
  kind: 'image',
  shape: [height, width, channels],
  classes,
});
const TABLE: ModelTask = { kind: 'table', shape: [30], classes: 2 };
const TEXT: ModelTask = { kind: 'text', shape: [4096], classes: 2 };

describe('a model that comes with Sotto', () => {
  it.each<[ArchitectureChoice, ModelTask, number]>([
    // The two networks of McMahan et al. 2017, with the parameters the paper counts.
    [{ name: 'mlp', hidden: [200, 200], dropout: 0 }, images(28, 28, 1), 199_210],
    [{ name: 'fedavg-cnn' }, images(28, 28, 1), 1_663_370],
    [{ name: 'logistic' }, images(28, 28, 1), 7850],
    [{ name: 'logistic' }, TEXT, 8194],
    [{ name: 'mlp', hidden: [16], dropout: 0.5 }, TABLE, 530],
    [{ name: 'mlp', hidden: [], dropout: 0 }, TABLE, 62],
    [{ name: 'small-cnn' }, images(28, 28, 1), 26_698],
    [{ name: 'small-cnn' }, images(64, 48, 3, 5), 55_381],
    [{ name: 'small-cnn' }, images(8, 100, 1), 18_538],
    [{ name: 'fedavg-cnn' }, images(32, 32, 3), 2_156_490],
  ])('is one that TF.js builds, with as many weights as it says: %o for %o', async (choice, task, parameters) => {
    const { json, parameters: said } = buildArchitecture(choice, task);
    const { tensors, weights } = await initialWeights(json, 1, { inputShape: task.shape, classes: task.classes });
    expect(weights.length).toBe(said);
    expect(said).toBe(parameters);
    expect(new Set(tensors.map(({ name }) => name)).size).toBe(tensors.length);
  });

  it('says for which data it is none', () => {
    expect(unfitness('small-cnn', TABLE)).toMatch(/images only/);
    expect(unfitness('fedavg-cnn', images(7, 28, 1))).toMatch(/8 × 8 pixels, not 28 × 7/);
    expect(unfitness('small-cnn', images(8, 8, 1))).toBeNull();
    expect(unfitness('mlp', TABLE)).toBeNull();
  });

  it('is suggested only where it is one', () => {
    for (const task of [TABLE, TEXT, images(4, 4, 1), images(28, 28, 1), images(224, 224, 3)]) {
      const { name } = suggestArchitecture(task);
      expect(Object.keys(ARCHITECTURES)).toContain(name);
      expect(unfitness(name, task)).toBeNull();
    }
  });
});
