import { initialModel } from '@sotto/learner/architecture';
import type { Dataset } from '@sotto/learner/dataset';
import { startTrainer } from '@sotto/learner/worker/start.node';
import { afterAll, describe, expect, it } from 'vitest';
import { scoreAfter, trainAlone } from './own-training.ts';

const TOPOLOGY = JSON.stringify({
  class_name: 'Sequential',
  config: {
    name: 'm',
    layers: [
      { class_name: 'Dense', config: { name: 'out', units: 2, activation: 'softmax', batch_input_shape: [null, 2] } },
    ],
  },
});

/** Which of two numbers is larger. */
function pairs(size: number): Dataset {
  const labels = Int32Array.from({ length: size }, (_, i) => i % 2);
  const inputs = Float32Array.from({ length: 2 * size }, (_, i) => ((i >> 1) % 2 === i % 2 ? 1 : 0) + (i % 7) / 10);
  return { inputs, labels, shape: [2], scale: 1 };
}

describe('a model trained alone', () => {
  const trainer = startTrainer();
  afterAll(() => trainer.dispose());

  it('begins where the shared one began, is measured after each pass, and is the same again for the same examples', async () => {
    const request = {
      initial: await initialModel(TOPOLOGY, 1),
      train: pairs(40),
      held: pairs(10),
      training: { optimizer: { name: 'sgd', learningRate: 0.5 }, epochs: 2, batchSize: 8 } as const,
      passes: 6,
    };
    const before = await trainer.evaluate({ model: request.initial, dataset: request.held });
    const first = await trainAlone(trainer, request, () => {});
    expect(first.course[0]).toEqual({ passes: 0, accuracy: before.accuracy });
    expect(first.course.at(-1)).toEqual({ passes: 6, accuracy: first.evaluation.accuracy });
    expect(first.evaluation.loss).toBeLessThan(before.loss);
    const { accuracy, correct, examples } = first.evaluation;
    expect(scoreAfter(first, 6)).toEqual({ accuracy, correct, examples });
    expect(scoreAfter(first, 0)).toMatchObject({ accuracy: before.accuracy });
    expect(scoreAfter(first, 7)).toBeNull();
    const again = await trainAlone(trainer, request, () => {});
    expect(again.model).toEqual(first.model);
  });
});
