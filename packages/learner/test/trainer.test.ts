import type { Worker } from 'node:worker_threads';
import { decodeModelFile, encodeModelFile } from '@sotto/protocol/model-file';
import { isRejection } from '@sotto/protocol/rejection';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialModel, initialWeights } from '../src/architecture.ts';
import type { PreparedBackend } from '../src/backend.ts';
import { createEvaluator } from '../src/evaluate.ts';
import type { TrainRequest } from '../src/service.ts';
import type { TrainingProgress } from '../src/training.ts';
import type { Trainer } from '../src/worker/client.ts';
import { startTrainer } from '../src/worker/start.node.ts';
import { CONVOLUTION, DENSE, denseModel, separable } from './samples.ts';

const dataset = separable(90, [4]);
const request = (model: Uint8Array, changes: Partial<TrainRequest> = {}): TrainRequest => ({
  model,
  dataset,
  optimizer: { name: 'sgd', learningRate: 0.1, momentum: 0.9 },
  epochs: 3,
  batchSize: 16,
  seed: 5,
  ...changes,
});

describe('a trainer in a worker thread', () => {
  let trainer: Trainer;
  beforeAll(() => {
    trainer = startTrainer();
  });
  afterAll(() => trainer.dispose());

  it('chooses WASM in Node, and says why', async () => {
    const { backend, report, machine } = await trainer.prepare();
    expect(backend).toBe('wasm');
    expect(machine).toContain('TF.js');
    expect(report.map(({ name, passed }) => [name, passed])).toEqual([
      ['wasm', true],
      ['cpu', false],
    ]);
  });

  it('takes over an earlier choice on the same machine, and tests anew on another', async () => {
    const found = await trainer.prepare();
    const old: PreparedBackend = { ...found, backend: 'cpu', report: [{ ...found.report[1]!, passed: true, ms: 5 }] };
    expect(await trainer.prepare({ remembered: old })).toEqual({ ...old, remembered: true });
    expect(await trainer.prepare({ remembered: { ...old, machine: 'another' } })).toMatchObject({
      backend: 'wasm',
      remembered: false,
    });
    expect(await trainer.prepare({ remembered: old, avoid: ['cpu'] })).toMatchObject({ backend: 'wasm' });
  });

  it('trains: the loss falls, and the delta is what separates the better model from the given one', async () => {
    const { tensors, weights } = await initialWeights(DENSE, 1);
    const model = encodeModelFile({ topology: DENSE, tensors, weights });
    const before = await trainer.evaluate({ model, dataset });
    const result = await trainer.train(request(model));
    const trained = encodeModelFile({ topology: DENSE, tensors, weights: weights.map((w, i) => w + result.delta[i]!) });
    const after = await trainer.evaluate({ model: trained, dataset });
    expect(result.examples).toBe(90);
    expect(result.correct).toBe(before.correct);
    expect(result.lossSum / 90).toBeCloseTo(before.loss, 5);
    expect(after.loss).toBeLessThan(before.loss);
    expect(after.accuracy).toBeGreaterThan(0.8);
  });

  it('gives the same delta for the same seed, dropout included, and another for another', async () => {
    const model = await denseModel();
    const [first, again, other] = [
      await trainer.train(request(model)),
      await trainer.train(request(model)),
      await trainer.train(request(model, { seed: 6 })),
    ];
    expect(again.delta).toEqual(first.delta);
    expect(other.delta).not.toEqual(first.delta);
  });

  it('trains with Adam and with a convolution', async () => {
    const model = await initialModel(CONVOLUTION, 1);
    const result = await trainer.train(
      request(model, { dataset: separable(60, [6, 6, 1]), optimizer: { name: 'adam', learningRate: 0.01 } }),
    );
    expect(result.finalAccuracy).toBeGreaterThan(0.6);
  });

  it('reports every epoch, in order, and the end of each', async () => {
    const seen: TrainingProgress[] = [];
    await trainer.train(request(await denseModel()), (progress) => seen.push(progress));
    const ends = seen.filter(({ batch, batches }) => batch === batches);
    expect(ends.map(({ epoch, epochs }) => [epoch, epochs])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(seen.every(({ loss, accuracy }) => Number.isFinite(loss) && accuracy >= 0 && accuracy <= 1)).toBe(true);
  });

  it('measures the examples kept aside before the first batch and at each epoch’s end, and learns the same for it', async () => {
    const seen: TrainingProgress[] = [];
    const model = await denseModel();
    const plain = await trainer.train(request(model));
    const { delta } = await trainer.train(request(model, { validation: separable(30, [4]) }), (progress) =>
      seen.push(progress),
    );
    expect(delta).toEqual(plain.delta);
    expect(seen[0]).toMatchObject({ epoch: 1, batch: 0, msLeft: null, loss: plain.lossSum / 90 });
    const measured = seen.map(({ validation }) => validation!.loss);
    expect(new Set(measured).size).toBe(4);
    expect(seen.at(-1)!.validation!.accuracy).toBeGreaterThan(seen[0]!.validation!.accuracy);
    expect(seen.at(-1)).toMatchObject({ msLeft: 0, backend: 'wasm' });
  });

  it('answers with the probability of each class for each example, those that its evaluation counts', async () => {
    const model = await denseModel();
    const { correct } = await trainer.evaluate({ model, dataset });
    const shares = await trainer.predict({ model, dataset });
    expect(shares).toHaveLength(90 * 3);
    let right = 0;
    for (let i = 0; i < 90; i++) {
      const row = [...shares.subarray(3 * i, 3 * i + 3)];
      expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
      if (row.indexOf(Math.max(...row)) === dataset.labels[i]) right++;
    }
    expect(right).toBe(correct);
  });

  it('cancels from outside while the worker is busy', async () => {
    const running = trainer.train(request(await denseModel(), { epochs: 100_000 }), () => trainer.cancel());
    await expect(running).rejects.toMatchObject({ name: 'TrainingError', code: 'cancelled' });
  });

  it('brings errors over with their code', async () => {
    const training = trainer.train(request(await denseModel(), { dataset: { ...dataset, scale: Number.NaN } }));
    await expect(training).rejects.toMatchObject({ name: 'TrainingError', code: 'bad_dataset' });
  });
});

describe('a trainer that is gone', () => {
  it('ends the job under way instead of leaving it open, and refuses the next', async () => {
    const trainer = startTrainer();
    const model = await denseModel();
    const running = trainer.train(request(model, { epochs: 100_000 }), () => trainer.dispose());
    await expect(running).rejects.toMatchObject({ code: 'worker_gone' });
    await expect(trainer.evaluate({ model, dataset })).rejects.toMatchObject({ code: 'worker_gone' });
  });
});

describe('a trainer whose thread dies in mid-training', () => {
  it('says so, and learns with a new one as if nothing had been', async () => {
    const threads: Worker[] = [];
    const note = (thread: Worker) => threads.push(thread);
    process.on('worker', note);
    const trainer = startTrainer();
    const model = await denseModel();
    const running = trainer.train(request(model, { epochs: 100_000 }), () => void threads[0]!.terminate());
    await expect(running).rejects.toMatchObject({ code: 'worker_gone' });
    const { delta } = await trainer.train(request(model));
    expect(threads).toHaveLength(2);
    process.off('worker', note);
    trainer.dispose();
    const undisturbed = startTrainer();
    expect((await undisturbed.train(request(model))).delta).toEqual(delta);
    undisturbed.dispose();
  });
});

describe('the evaluator', () => {
  it('outlives the death of its thread', async () => {
    const threads: Worker[] = [];
    const note = (thread: Worker) => threads.push(thread);
    process.on('worker', note);
    const evaluator = createEvaluator();
    const model = await denseModel();
    const { correct } = await evaluator.evaluate({ model, dataset });
    await threads[0]!.terminate();
    expect(await evaluator.evaluate({ model, dataset })).toMatchObject({ correct });
    expect(threads).toHaveLength(2);
    process.off('worker', note);
    evaluator.dispose();
    await expect(evaluator.evaluate({ model, dataset })).rejects.toMatchObject({ code: 'worker_gone' });
  });

  it('judges a model whose loss is no number to be right about nothing, and any other by what it gets right', async () => {
    const evaluator = createEvaluator();
    const model = await denseModel();
    const file = decodeModelFile(model);
    if (isRejection(file)) throw new Error(file.message);
    const wrecked = encodeModelFile({ ...file, weights: file.weights.map((weight) => Math.sign(weight) * 3e38) });
    const { accuracy, loss } = await evaluator.evaluate({ model, dataset });
    expect(await evaluator.judge({ model, dataset })).toEqual({ accuracy, loss });
    expect(await evaluator.judge({ model: wrecked, dataset })).toEqual({ accuracy: 0, loss: Number.NaN });
    evaluator.dispose();
  });

  it('counts what the model gets right, by class', async () => {
    const evaluator = createEvaluator();
    const { examples, correct, accuracy, loss, confusion } = await evaluator.evaluate({
      model: await denseModel(),
      dataset,
    });
    evaluator.dispose();
    expect(examples).toBe(90);
    expect(correct).toBe(confusion[0]![0]! + confusion[1]![1]! + confusion[2]![2]!);
    expect(accuracy).toBe(correct / 90);
    expect(loss).toBeGreaterThan(0);
    expect(confusion.map((row) => row.reduce((sum, n) => sum + n, 0))).toEqual([30, 30, 30]);
  });
});
