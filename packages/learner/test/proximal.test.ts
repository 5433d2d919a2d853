import { decodeModelFile, encodeModelFile, type ModelFile } from '@sotto/protocol/model-file';
import { isRejection } from '@sotto/protocol/rejection';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialModel } from '../src/architecture.ts';
import { createService, type LearnerService, type TrainRequest } from '../src/service.ts';
import { nodeBackends } from '../src/worker/backends.node.ts';
import { CONVOLUTION, separable } from './samples.ts';

const dataset = separable(30, [6, 6, 1]);
const RATE = 0.05;
const MU = 3;

describe('the proximal term', () => {
  let service: LearnerService;
  let start: ModelFile;
  beforeAll(async () => {
    service = createService(nodeBackends);
    const file = decodeModelFile(await initialModel(CONVOLUTION, 1));
    if (isRejection(file)) throw new Error(file.message);
    start = file;
  });

  /** Full batches, so that the order of examples changes nothing. */
  async function learn(weights: Float32Array, changes: Partial<TrainRequest>): Promise<Float32Array> {
    const outcome = await service.train(
      {
        model: encodeModelFile({ ...start, weights }),
        dataset,
        optimizer: { name: 'sgd', learningRate: RATE },
        epochs: 1,
        batchSize: 30,
        seed: 5,
        ...changes,
      },
      () => {},
    );
    if ('failure' in outcome) throw new Error(outcome.failure.message);
    return outcome.value.delta;
  }

  const plus = (weights: Float32Array, delta: Float32Array) => weights.map((weight, i) => weight + delta[i]!);
  const norm = (delta: Float32Array) => Math.hypot(...delta);

  it('has the gradient μ(w − w_t): a second step goes as far back as that', async () => {
    const first = await learn(start.weights, {});
    const second = await learn(plus(start.weights, first), {});
    const both = await learn(start.weights, { epochs: 2, proximalMu: MU });
    for (const [i, delta] of both.entries())
      expect(delta).toBeCloseTo(first[i]! + second[i]! - RATE * MU * first[i]!, 5);
  });

  it('does nothing in the first step, which begins where it draws to', async () => {
    expect(await learn(start.weights, { proximalMu: MU })).toEqual(await learn(start.weights, {}));
  });

  it('keeps a device nearer to the model it was given, the more the larger μ is', async () => {
    const lengths = await Promise.all(
      [undefined, 1, 5].map(async (mu) =>
        norm(await learn(start.weights, { epochs: 10, ...(mu !== undefined && { proximalMu: mu }) })),
      ),
    );
    expect(lengths[1]).toBeLessThan(lengths[0]!);
    expect(lengths[2]).toBeLessThan(lengths[1]!);
  });

  it('leaves no tensor behind', async () => {
    await learn(start.weights, { proximalMu: MU });
    const { numTensors } = tf.memory();
    await learn(start.weights, { proximalMu: MU, epochs: 3 });
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
